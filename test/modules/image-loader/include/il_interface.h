/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 kport contributors */
#ifndef IL_INTERFACE_H
#define IL_INTERFACE_H

#include "il_types.h"
#ifdef __KERNEL__
#include <linux/ioctl.h>
#else
#include <sys/ioctl.h>
#endif

#define IL_DEVICE_NAME "kport_image_loader"
#define IL_IOCTL_ADD_LENGTH _IOW(0xD0, 1, uint64_t *)
#define IL_IOCTL_ADD _IOW(0xD0, 2, char *)
#define IL_IOCTL_LOAD _IO(0xD0, 3)
#define IL_IOCTL_UNLOAD _IO(0xD0, 4)
#define IL_IOCTL_START _IO(0xD0, 5)
#define IL_IOCTL_STOP _IO(0xD0, 6)
#define IL_IOCTL_STATUS _IOR(0xD0, 7, int64_t *)
#define IL_IOCTL_DUMP _IOR(0xD0, 8, struct il_ring *)
#define IL_IOCTL_SUCCESS 0
#define IL_IOCTL_FAILURE (-EFAULT)

#endif
