#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 kport contributors
#
# Runs in the guest with the module loaded. What it prints and its exit status are compared between the C and the Rust module.
exec "$(dirname "$0")/exercise"
