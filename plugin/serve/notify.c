/* notify through libsystemd: without a service manager every call here is a no-op. */
#include "docksill/serve/notify.h"
#include "docksill/base/clock.h"
#include <errno.h>
#include <systemd/sd-daemon.h>

int notify_listen_fd(void) {
        /* Unsets the variables: a child must not take our socket for its own. */
        int n = sd_listen_fds(1);

        if (n < 0)
                return n;
        if (n > 1)
                return -E2BIG;
        return n == 1 ? SD_LISTEN_FDS_START : -1;
}

void notify_ready(void) {
        (void)sd_notify(0, "READY=1");
}

/* The time tells systemd which READY=1 belongs to which reload. */
void notify_reloading(void) {
        (void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock_monotonic());
}

void notify_stopping(void) {
        (void)sd_notify(0, "STOPPING=1");
}

void notify_status(const char *line) {
        (void)sd_notifyf(0, "STATUS=%s", line);
}

uint64_t notify_watchdog(void) {
        uint64_t period;

        return sd_watchdog_enabled(0, &period) > 0 ? period : 0;
}

void notify_alive(void) {
        (void)sd_notify(0, "WATCHDOG=1");
}
