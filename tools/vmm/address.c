// SPDX-License-Identifier: GPL-2.0-only
/* Where guests move to: unix:PATH or tcp:ADDRESS:PORT. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "address.h"
#include "util.h"

#define UNIX_PREFIX		"unix:"
#define TCP_PREFIX		"tcp:"
#define MAX_PORT		65535

/* Somebody who says nothing is asked whether he is there, so often */
#define PROBE_S			10
/*
 * How long nothing may come from the other side, not even acknowledgements. The
 * guest stands still for that time at most when its receiver loses its power. When
 * it is the network that fails, just as the sender says that the guest is the
 * receiver's, Linux repeats that for as long, though the sender is gone; the
 * receiver waits for longer, or nobody would have the guest.
 */
#define SENDER_PATIENCE_S	60
#define RECEIVER_PATIENCE_S	150

/**
 * struct address - an address that was taken apart
 * @size: of what is used of the union, in bytes
 * @any: what all kinds begin with
 * @un: a path
 * @in: an IPv4 address and port
 */
struct address {
	socklen_t size;
	union {
		struct sockaddr any;
		struct sockaddr_un un;
		struct sockaddr_in in;
	};
};

static bool parse_unix(struct address *address, const char *path)
{
	if (!*path || strlen(path) >= sizeof(address->un.sun_path))
		return false;
	address->size = sizeof(address->un);
	address->un.sun_family = AF_UNIX;
	strcpy(address->un.sun_path, path);
	return true;
}

static bool parse_tcp(struct address *address, const char *text)
{
	const char *colon = strrchr(text, ':');
	char host[INET_ADDRSTRLEN];
	unsigned long port;
	char *end;

	if (!colon || (size_t)(colon - text) >= sizeof(host))
		return false;
	memcpy(host, text, colon - text);
	host[colon - text] = '\0';
	port = strtoul(colon + 1, &end, 10);
	if (end == colon + 1 || *end || !port || port > MAX_PORT)
		return false;
	address->size = sizeof(address->in);
	address->in.sin_family = AF_INET;
	address->in.sin_port = htons(port);
	return inet_pton(AF_INET, host, &address->in.sin_addr) == 1;
}

static bool parse(struct address *address, const char *text)
{
	memset(address, 0, sizeof(*address));
	if (!strncmp(text, UNIX_PREFIX, strlen(UNIX_PREFIX)))
		return parse_unix(address, text + strlen(UNIX_PREFIX));
	if (!strncmp(text, TCP_PREFIX, strlen(TCP_PREFIX)))
		return parse_tcp(address, text + strlen(TCP_PREFIX));
	return false;
}

/* Without, it is two hours, and a quarter of one where something was sent. */
static void limit_silence(int fd, const struct address *address,
			  int patience_s)
{
	const struct {
		int level;
		int name;
		int value;
	} options[] = {
		{ SOL_SOCKET, SO_KEEPALIVE, true },
		{ IPPROTO_TCP, TCP_KEEPIDLE, PROBE_S },
		{ IPPROTO_TCP, TCP_KEEPINTVL, PROBE_S },
		{ IPPROTO_TCP, TCP_USER_TIMEOUT, patience_s * MS_PER_S },
	};
	unsigned int i;

	if (address->any.sa_family != AF_INET)
		return;
	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (setsockopt(fd, options[i].level, options[i].name,
			       &options[i].value, sizeof(options[i].value)))
			warn("socket option %d: %s", options[i].name,
			     strerror(errno));
}

/**
 * address_open() - make a socket for address_connect()
 * @text: the address
 *
 * Return: the socket, or -1 with errno set.
 */
int address_open(const char *text)
{
	struct address address;
	int fd;

	if (!parse(&address, text)) {
		errno = EINVAL;
		return -1;
	}
	fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		limit_silence(fd, &address, SENDER_PATIENCE_S);
	return fd;
}

/**
 * address_connect() - connect to a process that waits in address_accept()
 * @fd: from address_open()
 * @text: the address, as it was there
 *
 * May take as long as the other side may be silent. It ends when another thread
 * shuts the socket down, once it has begun.
 *
 * Return: false with errno set on failure.
 */
bool address_connect(int fd, const char *text)
{
	struct address address;

	return parse(&address, text) &&
	       !connect(fd, &address.any, address.size);
}

/* A socket that a process left behind is in nobody's way. */
static void remove_stale(const struct address *address)
{
	struct stat st;

	if (address->any.sa_family == AF_UNIX &&
	    !lstat(address->un.sun_path, &st) && S_ISSOCK(st.st_mode))
		unlink(address->un.sun_path);
}

/**
 * address_accept() - wait for one connection or end the process
 * @text: the address
 *
 * Return: the connection.
 */
int address_accept(const char *text)
{
	struct address address;
	int one = 1;
	int listener, fd;

	if (!parse(&address, text))
		die("'%s' is neither unix:PATH nor tcp:ADDRESS:PORT", text);
	remove_stale(&address);
	listener = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0)
		die_errno("%s", text);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(listener, &address.any, address.size) < 0 ||
	    listen(listener, 1) < 0)
		die_errno("%s", text);

	warn("waiting at %s", text);
	do {
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	} while (fd < 0 && errno == EINTR);
	if (fd < 0)
		die_errno("%s", text);
	limit_silence(fd, &address, RECEIVER_PATIENCE_S);
	close(listener);
	remove_stale(&address);
	return fd;
}
