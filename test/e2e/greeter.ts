/** A small real module for runs with the real pipeline. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

const MAKEFILE = `obj-m := greeter.o
KDIR ?= /lib/modules/$(shell uname -r)/build
all:
\t$(MAKE) -C $(KDIR) M=$(CURDIR) modules
clean:
\t$(MAKE) -C $(KDIR) M=$(CURDIR) clean
`;

const SOURCE = `// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

static int times = 3;
module_param(times, int, 0444);
MODULE_PARM_DESC(times, "how often to greet");

static int __init greeter_init(void)
{
\tint i;

\tWARN_ON_ONCE(times > 100);
\tfor (i = 0; i < times; i++)
\t\tpr_info("hello number %d of %d\\n", i + 1, times);
\treturn 0;
}

static void __exit greeter_exit(void)
{
\tpr_info("bye\\n");
}

module_init(greeter_init);
module_exit(greeter_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("greets");
`;

/** Write it into a repository's `drivers/greeter`. @param greeting its first word */
export async function writeGreeter(repository: string, greeting = "hello"): Promise<void> {
  const at = path.join(repository, "drivers", "greeter");
  await mkdir(at, { recursive: true });
  await writeFile(path.join(at, "Makefile"), MAKEFILE);
  await writeFile(path.join(at, "greeter.c"), SOURCE.replace("hello number", `${greeting} number`));
}
