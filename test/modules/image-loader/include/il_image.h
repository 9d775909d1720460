/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 kport contributors */
/* An image: a header, segments, symbols, relocations and names, none of them aligned. */
#ifndef IL_IMAGE_H
#define IL_IMAGE_H

#include "il_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma pack(push, 1)

#define IL_MAGIC "\177IL\001"
#define IL_MAX_SEGMENTS 4
#define IL_MAX_SYMBOLS 8
#define IL_MAX_IMAGES 3

struct il_header {
	char magic[4];
	uint8_t segments;
	uint16_t symbols;
	uint8_t relocations;
	uint32_t names;
};

struct il_segment {
	uint8_t kind;
	uint32_t offset;
	uint32_t filesz;
	uint64_t address;
	uint32_t memsz;
};

struct il_symbol {
	uint8_t segment;
	uint32_t name;
	uint32_t value;
};

struct il_relocation {
	uint32_t at;
	uint16_t symbol;
	int8_t addend;
};

/* What the loader knows of one image: pointers into its file. */
struct il_file {
	uint8_t valid;
	const char *base;
	uint64_t size;
	const struct il_header *header;
	const struct il_segment *segments[IL_MAX_SEGMENTS];
	const struct il_symbol *symbols[IL_MAX_SYMBOLS];
	const struct il_relocation *relocations;
	const char *names;
	char *exec;
	uint64_t exec_size;
	struct {
		uint16_t count;
		const char *name[IL_MAX_SYMBOLS];
		uint64_t value[IL_MAX_SYMBOLS];
	} exports;
};

struct il_binary {
	const char *file;
	uint64_t file_size;
	struct il_file parsed;
	uint8_t loaded;
};

struct il_loader {
	uint8_t count;
	struct il_file *files[IL_MAX_IMAGES];
};

/* What the program that was loaded is started with. */
struct il_info {
	uint16_t count;
	struct {
		void *start;
		uint64_t size;
		uint32_t sum;
	} regions[IL_MAX_IMAGES * IL_MAX_SEGMENTS];
	const char *argv[2];
	il_status_t (*report)(struct il_ring *, const char *, uint64_t);
};

#pragma pack(pop)

#ifdef __cplusplus
}
#endif

#endif
