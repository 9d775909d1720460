/*
 * What is done with a loaded module that brings no exercise of its own: everything it shows to user space is read, its parameters are
 * written back as they are. What is printed is compared between two modules, so nothing is printed that a second run would print otherwise.
 */
#ifndef KPORT_SHOW_H
#define KPORT_SHOW_H

/* Print on file 1 what the module of this name shows. */
void show_module(const char *name);

#endif
