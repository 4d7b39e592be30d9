/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of the host in which its kernel is told something or tells it: below
 * /proc and /sys, and of control groups
 */
#ifndef SELFTEST_KVM_HOST_H
#define SELFTEST_KVM_HOST_H

#include <stdbool.h>

/**
 * __host_put - write to a file, as a shell's echo does
 * @file: its path
 * @value: what to write
 *
 * Return: true if all was written; else errno says why not
 */
bool __host_put(const char *file, const char *value);

/**
 * host_put - write to a file, and fail the test if that is not possible
 * @file: its path
 * @value: what to write
 */
void host_put(const char *file, const char *value);

/**
 * host_number - read a number from a file
 * @file: its path
 * @name: what is in front of the number, at the beginning of a line; NULL for
 *	  the first thing in the file
 *
 * Return: the number; -1 if there is no such file or no such line
 */
long host_number(const char *file, const char *name);

#endif /* SELFTEST_KVM_HOST_H */
