#pragma once
/*
 * server-limits: how much one call may take. Who judges requests elsewhere keeps to them too, or one that is too large
 * here would pass there.
 */

/* Bytes of a call: 4 MiB of body (the most that dockerd ≥ 29.3.1 shows) is 5.6 MiB in base64, beside up to 1 MiB of
 * headers and the rest. */
#define SERVER_CALL_MAX (8u * 1024 * 1024)

/* What reading and judging one request may take: 4 MiB of body decoded, the lists and strings it makes, and its
 * findings. */
#define SERVER_REQUEST_MEMORY (64u * 1024 * 1024)
