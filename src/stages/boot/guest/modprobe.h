/* What modprobe and the agent leave for each other: names, one a line. */
#ifndef KPORT_MODPROBE_H
#define KPORT_MODPROBE_H

/* What the kernel has asked for since the agent took it. */
#define MODPROBE_ASKED "/modprobe.asked"
/* What is loaded for such requests. */
#define MODPROBE_KNOWN "/modprobe.known"

#endif
