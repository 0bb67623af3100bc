#define _GNU_SOURCE
#include "build_id.h"

#ifdef __linux__

#include <elf.h>
#include <link.h>
#include <string.h>

struct search {
  uint8_t *bytes;
  size_t capacity, copied;
};

static size_t padded(size_t size, size_t alignment) { return (size + alignment - 1) / alignment * alignment; }

static void look_through(const uint8_t *at, size_t size, size_t alignment, struct search *search) {
  ElfW(Nhdr) note;
  while (size > sizeof note) {
    memcpy(&note, at, sizeof note);
    const size_t start = padded(sizeof note + note.n_namesz, alignment), end = start + note.n_descsz;
    if (end > size) return;
    const uint8_t *name = at + sizeof note;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof "GNU" && memcmp(name, "GNU", sizeof "GNU") == 0) {
      search->copied = note.n_descsz < search->capacity ? note.n_descsz : search->capacity;
      memcpy(search->bytes, at + start, search->copied);
      return;
    }
    const size_t next = padded(end, alignment);
    if (next > size) return;
    at += next;
    size -= next;
  }
}

/// Of the first object, which is the program itself.
static int look_at(struct dl_phdr_info *object, size_t size, void *search) {
  (void)size;
  const struct search *found = search;
  for (size_t i = 0; i < object->dlpi_phnum && found->copied == 0; ++i) {
    const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
    if (segment->p_type != PT_NOTE) continue;
    const uint8_t *notes = (const uint8_t *)(object->dlpi_addr + segment->p_vaddr);
    look_through(notes, segment->p_memsz, segment->p_align == 8 ? 8 : 4, search);
  }
  return 1;
}

size_t build_id(uint8_t *bytes, size_t capacity) {
  struct search search = {bytes, capacity, 0};
  dl_iterate_phdr(look_at, &search);
  return search.copied;
}

#else

size_t build_id(uint8_t *bytes, size_t capacity) {
  (void)bytes;
  (void)capacity;
  return 0;
}

#endif
