/* notify without libsystemd: nobody passes a socket, nobody listens. */
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

uint64_t notify_watchdog(void) {
        return 0;
}

void notify_alive(void) {
}
