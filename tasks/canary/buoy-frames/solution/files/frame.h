#ifndef FRAME_H
#define FRAME_H

#include <stddef.h>
#include <stdint.h>

enum { FRAME_MOST = 256, FRAME_LEAST = 6 };

/* Puts frames together, byte by byte; begins with all zero. */
struct framer {
    uint8_t bytes[FRAME_MOST];
    size_t count; /* of all bytes, also those that found no room */
    int inside;  /* a first 7e was seen */
    int escaped; /* the byte before was 7d */
};

struct frame {
    uint8_t kind;
    int buoy;
    uint8_t sequence;
    const uint8_t *content;
    size_t size;
};

enum frame_state { FRAME_NONE, FRAME_GOOD, FRAME_BAD };

/* Takes a byte; where it ends a good frame, that is in *frame until the next byte is taken. */
enum frame_state frame_take(struct framer *framer, uint8_t byte, struct frame *frame);

#endif
