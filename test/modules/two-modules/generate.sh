# SPDX-License-Identifier: GPL-2.0
echo '#define GENERATED_NUMBER 41'
echo '#define GENERATED_TEXT "by a script"'
