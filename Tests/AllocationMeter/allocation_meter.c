#include "allocation_meter.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

static _Atomic int64_t in_use;
static _Atomic int64_t highest;
static _Atomic int64_t at_beginning;

void allocation_meter_begin(void) {
  at_beginning = in_use;
  highest = at_beginning;
}

int64_t allocation_meter_peak(void) { return highest - at_beginning; }

#ifdef __GLIBC__
#include <malloc.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

int allocation_meter_works(void) { return 1; }

static void *counted(void *block) {
  if (!block) return NULL;
  int64_t size = (int64_t)malloc_usable_size(block);
  int64_t now = atomic_fetch_add(&in_use, size) + size;
  int64_t before = highest;
  while (now > before && !atomic_compare_exchange_weak(&highest, &before, now)) continue;
  return block;
}

void *malloc(size_t size) { return counted(__libc_malloc(size)); }

void *calloc(size_t count, size_t size) { return counted(__libc_calloc(count, size)); }

void *memalign(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
  *block = memalign(alignment, size);
  return *block ? 0 : ENOMEM;
}

void *realloc(void *block, size_t size) {
  int64_t before = block ? (int64_t)malloc_usable_size(block) : 0;
  void *moved = __libc_realloc(block, size);
  if (moved || size == 0) in_use -= before;
  return counted(moved);
}

void free(void *block) {
  if (block) in_use -= (int64_t)malloc_usable_size(block);
  __libc_free(block);
}
#else
int allocation_meter_works(void) { return 0; }
#endif
