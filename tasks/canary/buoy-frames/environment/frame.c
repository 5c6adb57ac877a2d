#include "frame.h"

#include "crc.h"

static enum frame_state finish(struct framer *framer, struct frame *frame)
{
    size_t count = framer->count;
    const uint8_t *bytes = (const uint8_t *)framer->bytes;
    framer->count = 0;
    if (count == 0)
        return FRAME_NONE;
    if (count < FRAME_LEAST)
        return FRAME_BAD;
    uint16_t sent = bytes[count - 2] | bytes[count - 1] << 8;
    if (crc16(framer->bytes, count - 2) != sent)
        return FRAME_BAD;
    frame->kind = bytes[0];
    frame->buoy = framer->bytes[1] | framer->bytes[2] << 8;
    frame->sequence = bytes[3];
    frame->content = bytes + 4;
    frame->size = count - FRAME_LEAST;
    return FRAME_GOOD;
}

enum frame_state frame_take(struct framer *framer, uint8_t byte, struct frame *frame)
{
    if (byte == 0x7E) {
        int inside = framer->inside;
        framer->inside = 1;
        framer->escaped = 0;
        return inside ? finish(framer, frame) : FRAME_NONE;
    }
    if (byte == 0x7D) {
        framer->escaped = 1;
        return FRAME_NONE;
    }
    if (framer->escaped)
        byte ^= 0x20;
    framer->escaped = 0;
    if (framer->count < FRAME_MOST)
        framer->bytes[framer->count++] = byte;
    return FRAME_NONE;
}
