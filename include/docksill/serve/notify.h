#pragma once
/*
 * notify: what systemd wants to hear. notify.c uses libsystemd; notify-none.c stands in where it is not built in.
 */
#include <stdint.h>

/* The socket that systemd passed (the first; more is -E2BIG), or -1 when there is none. */
int notify_listen_fd(void);
void notify_ready(void);
void notify_reloading(void); /* notify_ready() ends it */
void notify_stopping(void);
void notify_status(const char *line); /* what `systemctl status` shows; "": nothing */

/* Microseconds within which systemd wants to hear of notify_alive() each time (WatchdogSec=); 0: it does not watch. */
uint64_t notify_watchdog(void);
void notify_alive(void);
