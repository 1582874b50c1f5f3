/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fuzzer's entry, by the name and signature that libFuzzer gives it. */
#ifndef TCPCLOSE_FUZZ_ENGINE_H
#define TCPCLOSE_FUZZ_ENGINE_H

#include <stddef.h>
#include <stdint.h>

/* Any bytes. Returns 0, or prints the segments and aborts where an invariant does not hold. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
