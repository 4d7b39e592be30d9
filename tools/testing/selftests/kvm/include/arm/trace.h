/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The trace points of the host, for tests of what a guest cannot see
 */
#ifndef SELFTEST_KVM_TRACE_H
#define SELFTEST_KVM_TRACE_H

#include <stdio.h>

/**
 * trace_start - begin to record trace events, and forget older ones
 * @events: names of the events, NULL at the end; "system/event" for those that
 *	    are not KVM's
 *
 * Skips the test where the host has no tracing.
 */
void trace_start(const char *const *events);

/**
 * trace_stop - end what trace_start() began; what was recorded stays
 * @events: as for trace_start()
 */
void trace_stop(const char *const *events);

/**
 * trace_mark - put a line of one's own into the record
 * @text: what it says; trace_find() finds it as "tracing_mark_write"
 */
void trace_mark(const char *text);

/**
 * trace_open - open the record to be read
 *
 * Fails the test if events were lost.
 *
 * Return: the file, to be closed by the caller
 */
FILE *trace_open(void);

/**
 * trace_find - find the fields of an event in a line of the record
 * @line: the line
 * @event: name of the event
 *
 * Return: what follows the name, or NULL if the line is about another event
 */
const char *trace_find(const char *line, const char *event);

/**
 * trace_count - count the events of a kind in the record
 * @event: name of the event
 *
 * Return: their number
 */
unsigned int trace_count(const char *event);

#endif /* SELFTEST_KVM_TRACE_H */
