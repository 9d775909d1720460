/* Netlink, for `calls`: a message and its answers as one call, with a result that says what the kernel said. */
#ifndef KPORT_NETLINK_H
#define KPORT_NETLINK_H

#include "system.h"

/* The number that a generic netlink family has on this kernel, asked of the controller over `socket`; or a negative errno. */
long netlink_family(int socket, const char *name);

/*
 * Send a message and read all that comes back without waiting, as much as there is room for put into `room`: 0 or the errno of the kernel's
 * acknowledgement, or else how many bytes came back. The numbers of the sockets in them are left out, which are those of processes.
 */
long netlink_ask(int socket, unsigned short type, unsigned short flags, const void *payload, size length, char *room, size room_length);

#endif
