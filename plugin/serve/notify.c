/* notify through libsystemd: without a service manager every call here is a no-op. */
#include "docksill/serve/notify.h"
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

void notify_stopping(void) {
        (void)sd_notify(0, "STOPPING=1");
}
