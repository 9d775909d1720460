/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 kport contributors */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kport_fixture

#if !defined(TRACEPOINT_EVENTS_H) || defined(TRACE_HEADER_MULTI_READ)
#define TRACEPOINT_EVENTS_H

#include <linux/tracepoint.h>

/* What is printed of the event comes from the other file. */
const char *fixture_parity(int step);

TRACE_EVENT(kport_fixture_step,
	TP_PROTO(int step, const u8 *bytes, u32 length),
	TP_ARGS(step, bytes, length),
	TP_STRUCT__entry(
		__field(int, step)
		__array(u8, head, 4)
		__field(u32, length)
	),
	TP_fast_assign(
		__entry->step = step;
		memcpy(__entry->head, bytes, 4);
		__entry->length = length;
	),
	TP_printk("step=%d (%s) head=%02x length=%u", __entry->step, fixture_parity(__entry->step), __entry->head[0], __entry->length)
);

DECLARE_TRACE(kport_fixture_bare, TP_PROTO(long value), TP_ARGS(value));

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE tracepoint_events
#include <trace/define_trace.h>
