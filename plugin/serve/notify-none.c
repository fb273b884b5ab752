/* notify without libsystemd: nobody passes a socket, nobody listens. */
#include "docksill/base/cleanup.h"
#include "docksill/serve/notify.h"

int notify_listen_fd(void) {
        return -1;
}

void notify_ready(void) {
}

void notify_reloading(void) {
}

void notify_stopping(void) {
}

void notify_status(const char *line unused_) {
}

uint64_t notify_watchdog(void) {
        return 0;
}

void notify_alive(void) {
}
