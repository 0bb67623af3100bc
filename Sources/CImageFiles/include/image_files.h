/// PNG and JPEG in memory, to and from 16-bit samples. libpng and libjpeg report errors by longjmp: all of it stays in
/// this file's implementation, and callers see a status and a message.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Room for a message, terminating zero included.
#define IMAGE_FILES_MESSAGE_SIZE 200

/// The shape of a picture.
typedef struct {
  uint32_t width;
  uint32_t height;
  /// 1 (gray) or 3 (red, green, blue).
  uint32_t channels;
  /// 8 or 16; samples are at most 2^bit_depth − 1.
  uint32_t bit_depth;
} image_files_shape;

/// Decodes a PNG file. Palettes and low bit depths are expanded, transparency is dropped.
///
/// On success returns 0 and `*samples` holds height × width × channels values, to be released with `free`.
/// Otherwise returns −1 and `message` says why; nothing is to be released.
int image_files_decode_png(const uint8_t *bytes, size_t count, uint64_t maximum_pixels, image_files_shape *shape,
                           uint16_t **samples, char message[IMAGE_FILES_MESSAGE_SIZE]);

/// Decodes a JPEG file, gray or colour; like `image_files_decode_png`.
int image_files_decode_jpeg(const uint8_t *bytes, size_t count, uint64_t maximum_pixels, image_files_shape *shape,
                            uint16_t **samples, char message[IMAGE_FILES_MESSAGE_SIZE]);

/// Encodes a PNG file. On success returns 0 and `*bytes` is to be released with `free`.
int image_files_encode_png(image_files_shape shape, const uint16_t *samples, uint8_t **bytes, size_t *count,
                           char message[IMAGE_FILES_MESSAGE_SIZE]);
