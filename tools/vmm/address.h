/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMM_ADDRESS_H
#define VMM_ADDRESS_H

int address_connect(const char *text);
int address_accept(const char *text);

#endif
