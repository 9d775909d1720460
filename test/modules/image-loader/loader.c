// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Parses images into packed tables of pointers, lays their segments out, resolves symbols across images and relocates.
#include <il_loader.h>
#include <il_platform.h>

#include <linux/mm.h>
#include <linux/string.h>

int64_t g_num_images = 0;
struct il_binary g_images[IL_MAX_IMAGES];
struct il_loader g_loader;
struct il_info g_info;
struct il_ring g_ring;
int64_t g_num_cpus_started = 0;
static int64_t g_state = IL_UNLOADED;

static il_status_t ring_write(struct il_ring *ring, const char *text, uint64_t len)
{
	uint64_t i;

	for (i = 0; i < len; i++) {
		ring->buf[ring->epos++ % IL_RING_SIZE] = text[i];
		if (ring->epos - ring->spos > IL_RING_SIZE)
			ring->spos++;
	}
	return IL_SUCCESS;
}

static il_status_t private_parse(struct il_binary *image)
{
	struct il_file *ef = &image->parsed;
	const char *at = image->file;
	uint64_t i, end;

	platform_memset(ef, 0, sizeof(struct il_file));
	if (image->file_size < sizeof(struct il_header) || memcmp(at, IL_MAGIC, 4) != 0)
		return IL_ERROR_BAD_IMAGE;

	ef->base = at;
	ef->size = image->file_size;
	ef->header = (const struct il_header *)at;
	if (ef->header->segments > IL_MAX_SEGMENTS || ef->header->symbols > IL_MAX_SYMBOLS)
		return IL_ERROR_BAD_IMAGE;
	end = sizeof(struct il_header) + ef->header->segments * sizeof(struct il_segment) + ef->header->symbols * sizeof(struct il_symbol) + ef->header->relocations * sizeof(struct il_relocation);
	if (end > ef->size || ef->header->names >= ef->size || at[ef->size - 1] != 0)
		return IL_ERROR_BAD_IMAGE;

	at += sizeof(struct il_header);
	for (i = 0; i < ef->header->segments; i++) {
		ef->segments[i] = IL_CAST(const struct il_segment *, at);
		at += sizeof(struct il_segment);
		if ((uint64_t)ef->segments[i]->offset + ef->segments[i]->filesz > ef->size || ef->segments[i]->filesz > ef->segments[i]->memsz)
			return IL_ERROR_BAD_IMAGE;
		if (ef->segments[i]->address + ef->segments[i]->memsz > ef->exec_size)
			ef->exec_size = ef->segments[i]->address + ef->segments[i]->memsz;
	}
	for (i = 0; i < ef->header->symbols; i++, at += sizeof(struct il_symbol))
		ef->symbols[i] = IL_CAST(const struct il_symbol *, at);
	ef->relocations = IL_CAST(const struct il_relocation *, at);
	ef->names = ef->base + ef->header->names;
	if (ef->exec_size == 0 || ef->exec_size > 16 * PAGE_SIZE)
		return IL_ERROR_BAD_IMAGE;
	ef->valid = 1;
	return IL_SUCCESS;
}

static il_status_t private_lay_out(struct il_file *ef)
{
	il_status_t ret;
	uint64_t i;

	ef->exec = platform_alloc_rw(ef->exec_size);
	if (ef->exec == IL_NULL)
		return IL_ERROR_NO_MEMORY;
	platform_memset(ef->exec, 0, ef->exec_size);

	for (i = 0; i < ef->header->segments; i++) {
		const struct il_segment *seg = ef->segments[i];

		ret = platform_memcpy(ef->exec + seg->address, ef->exec_size - seg->address, ef->base + seg->offset, seg->filesz, seg->filesz);
		if (ret != IL_SUCCESS)
			return ret;
		g_info.regions[g_info.count].start = ef->exec + seg->address;
		g_info.regions[g_info.count].size = seg->memsz;
		g_info.regions[g_info.count++].sum = 0;
	}

	for (i = 0; i < ef->header->symbols; i++) {
		const struct il_symbol *sym = ef->symbols[i];

		if (sym->segment >= ef->header->segments)
			continue;
		ef->exports.name[ef->exports.count] = ef->names + sym->name;
		ef->exports.value[ef->exports.count] = ef->segments[sym->segment]->address + sym->value;
		ef->exports.count++;
	}
	return IL_SUCCESS;
}

static il_status_t private_resolve(const char *name, struct il_file **where, uint64_t *value)
{
	uint8_t f;
	uint16_t s;

	for (f = 0; f < g_loader.count; f++) {
		for (s = 0; s < g_loader.files[f]->exports.count; s++) {
			if (strcmp(g_loader.files[f]->exports.name[s], name) != 0)
				continue;
			*where = g_loader.files[f];
			*value = g_loader.files[f]->exports.value[s];
			return IL_SUCCESS;
		}
	}
	return IL_ERROR_NO_SYMBOL;
}

static il_status_t private_relocate(struct il_file *ef)
{
	uint64_t i;

	for (i = 0; i < ef->header->relocations; i++) {
		const struct il_relocation *rel = &ef->relocations[i];
		struct il_file *where = IL_NULL;
		uint64_t value = 0;
		il_status_t ret;

		if (rel->symbol >= ef->header->symbols || rel->at + sizeof(uint64_t) > ef->exec_size)
			return IL_ERROR_BAD_IMAGE;
		ret = private_resolve(ef->names + ef->symbols[rel->symbol]->name, &where, &value);
		if (ret != IL_SUCCESS) {
			PLATFORM_ALERT("%s is undefined\n", ef->names + ef->symbols[rel->symbol]->name);
			return ret;
		}
		/* Offsets within the image that has it: addresses differ from run to run. */
		*(uint64_t *)(ef->exec + rel->at) = value + rel->addend + (where == ef ? 0 : 0x100000);
	}
	return IL_SUCCESS;
}

static void loader_reset(void)
{
	int64_t i;

	for (i = 0; i < g_num_images; i++) {
		if (g_images[i].parsed.exec != IL_NULL)
			platform_free_rw(g_images[i].parsed.exec, g_images[i].parsed.exec_size);
	}
	platform_memset(&g_images, 0, sizeof(g_images));
	platform_memset(&g_loader, 0, sizeof(struct il_loader));
	platform_memset(&g_info, 0, sizeof(struct il_info));
	platform_memset(&g_ring, 0, sizeof(struct il_ring));
	g_num_images = 0;
	g_num_cpus_started = 0;
	g_state = IL_UNLOADED;
}

int64_t loader_state(void)
{ return g_state; }

il_status_t loader_init(void)
{
	loader_reset();
	return IL_SUCCESS;
}

il_status_t loader_add(const char *file, uint64_t size)
{
	if (file == IL_NULL || size == 0)
		return IL_ERROR_INVALID_ARG;

	switch (loader_state()) {
	case IL_LOADED:
		return IL_ERROR_INVALID_STATE;
	case IL_RUNNING:
		return IL_ERROR_INVALID_STATE;
	default:
		break;
	}

	if (g_num_images >= IL_MAX_IMAGES)
		return IL_ERROR_MAX_IMAGES;

	g_images[g_num_images].file = file;
	g_images[g_num_images].file_size = size;
	g_num_images++;
	return IL_SUCCESS;
}

il_status_t loader_load(void)
{
	il_status_t ret = IL_ERROR_INVALID_STATE;
	il_status_t ignored;
	int64_t i;

	switch (loader_state()) {
	case IL_LOADED:
		return IL_SUCCESS;
	case IL_RUNNING:
		return IL_ERROR_INVALID_STATE;
	default:
		break;
	}
	if (g_num_images == 0)
		return IL_ERROR_INVALID_ARG;

	for (i = 0; i < g_num_images; i++) {
		ret = private_parse(&g_images[i]);
		if (ret != IL_SUCCESS)
			goto failure;
		g_loader.files[g_loader.count++] = &g_images[i].parsed;
	}
	for (i = 0; i < g_loader.count; i++) {
		ret = private_lay_out(g_loader.files[i]);
		if (ret != IL_SUCCESS)
			goto failure;
		g_images[i].loaded = 1;
	}
	for (i = 0; i < g_loader.count; i++) {
		ret = private_relocate(g_loader.files[i]);
		if (ret != IL_SUCCESS)
			goto failure;
	}

	g_info.argv[0] = "image";
	g_info.argv[1] = IL_NULL;
	g_info.report = ring_write;
	g_state = IL_LOADED;
	return IL_SUCCESS;

failure:
	ignored = loader_unload();
	IL_IGNORED(ignored);
	return ret;
}

il_status_t loader_unload(void)
{
	switch (loader_state()) {
	case IL_RUNNING:
		return IL_ERROR_INVALID_STATE;
	case IL_UNLOADED:
		goto unloaded;
	default:
		break;
	}
	PLATFORM_DEBUG("%d regions of %d images\n", g_info.count, g_loader.count);
unloaded:
	loader_reset();
	return IL_SUCCESS;
}

/* The "program": what lies in its regions, summed up and reported. Runs with interrupts off on the processor given. */
static il_status_t program(void *data, int64_t cpu)
{
	struct il_info *info = data;
	uint16_t r;

	for (r = 0; r < info->count; r++) {
		const uint8_t *byte = info->regions[r].start;
		uint64_t left;

		info->regions[r].sum = (uint32_t)cpu;
		for (left = info->regions[r].size; left > 0; left--)
			info->regions[r].sum = info->regions[r].sum * 31 + *byte++;
	}
	return info->report(&g_ring, info->argv[0], strlen(info->argv[0]));
}

il_status_t loader_start(void)
{
	il_status_t ret;
	il_status_t ignored;
	int64_t cpu;
	uint16_t r;

	switch (loader_state()) {
	case IL_RUNNING:
		return IL_SUCCESS;
	case IL_UNLOADED:
		return IL_ERROR_INVALID_STATE;
	default:
		break;
	}

	g_state = IL_RUNNING;
	for (cpu = 0, g_num_cpus_started = 0; cpu < platform_num_cpus(); cpu++) {
		ret = platform_call_on_cpu(cpu, program, &g_info);
		if (ret != IL_SUCCESS)
			goto failure;
		g_num_cpus_started++;
	}

	for (r = 0; r < g_info.count; r++) {
		struct il_pages pages = { 0, IL_NULL };

		ret = platform_map(&pages, g_info.regions[r].start, g_info.regions[r].size);
		if (ret != IL_SUCCESS)
			goto failure;
		PLATFORM_DEBUG("region %d: %llu bytes, %llu pages, sum %08x\n", r, (unsigned long long)g_info.regions[r].size, (unsigned long long)pages.count, g_info.regions[r].sum);
		platform_unmap(&pages);
	}
	return IL_SUCCESS;

failure:
	ignored = loader_stop();
	IL_IGNORED(ignored);
	return ret;
}

il_status_t loader_stop(void)
{
	int64_t cpu;

	if (loader_state() != IL_RUNNING)
		return loader_state() == IL_UNLOADED ? IL_ERROR_INVALID_STATE : IL_SUCCESS;
	for (cpu = g_num_cpus_started - 1; cpu >= 0; cpu--)
		g_num_cpus_started--;
	g_state = IL_LOADED;
	return IL_SUCCESS;
}

il_status_t loader_dump(struct il_ring **ring)
{
	if (ring == IL_NULL)
		return IL_ERROR_INVALID_ARG;
	if (loader_state() == IL_UNLOADED)
		return IL_ERROR_INVALID_STATE;
	*ring = &g_ring;
	return IL_SUCCESS;
}

il_status_t loader_fini(void)
{
	il_status_t ret = IL_SUCCESS;

	if (loader_state() == IL_RUNNING)
		ret = loader_stop();
	if (loader_state() == IL_LOADED)
		ret = loader_unload();
	if (g_num_images > 0)
		loader_reset();
	return ret;
}
