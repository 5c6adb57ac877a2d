#ifndef CRC_H
#define CRC_H

#include <stddef.h>
#include <stdint.h>

/* The check sum of some bytes. */
uint16_t crc16(const char *bytes, size_t count);

#endif
