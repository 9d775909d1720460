/* What a module can be called by. */
#ifndef KPORT_OFFERS_H
#define KPORT_OFFERS_H

#include "system.h"

/*
 * Hand each thing that a loaded module offers to user space to `found`, as "KIND MODE IDENTITY NAME": its parameters, and what is there
 * now that was not when the entries were remembered, with the files in new folders. KIND is character, block, file, folder, list (a line of
 * one of the kernel's lists) or cipher (NAME is "TYPE DRIVER"); MODE are the permissions, decimal; IDENTITY is the same for the same thing. "cut" is
 * said at the end where there was more than has room.
 */
void each_offer(const char *module, void (*found)(const char *line));

#endif
