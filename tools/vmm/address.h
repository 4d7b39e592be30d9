/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_ADDRESS_H
#define VMM_ADDRESS_H

#include <stdbool.h>

int address_open(const char *text);
bool address_connect(int fd, const char *text);
int address_accept(const char *text);

#endif
