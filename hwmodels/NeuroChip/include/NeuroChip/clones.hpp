// Functions that are compiled for several instruction sets; the machine's best is chosen when the program is loaded.
#pragma once

#if defined(__clang__) && defined(__x86_64__) && defined(__linux__)
#if !__has_feature(thread_sanitizer)  // the choice between clones runs before its runtime is there
#define NEUROCHIP_CLONES __attribute__((target_clones("avx512bw", "avx2", "default")))
#endif
#endif
#ifndef NEUROCHIP_CLONES
#define NEUROCHIP_CLONES
#endif
