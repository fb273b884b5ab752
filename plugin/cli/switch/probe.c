#include "probe.h"
#include "docksill/base/clock.h"
#include "docksill/base/file.h"
#include "docksill/record/exposition.h"
#include "watched.h"
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

static void add(struct text *out, const struct probe *p) {
        static const char at[] = "docksill_probe_timestamp_seconds";
        bool told = p->control && watched_metrics(p->control, out);

        exposition_gauge(out, "docksill_probe_registered",
                         "Whether dockerd's settings named docksill at the last probe.",
                         registration_position(p->r) > 0);
        exposition_gauge(out, "docksill_probe_asked", "Whether dockerd asked docksill about a ping of the last probe.",
                         p->asked == ASKED_YES);
        exposition_gauge(out, "docksill_probe_control", "Whether docksill's control socket answered the last probe.",
                         told);
        if (p->findings)
                exposition_gauge(out, "docksill_probe_findings", "What docksill doctor found at the last probe.",
                                 *p->findings);
        exposition_family(out, at, "gauge", "When the last probe was.");
        exposition_seconds(out, at, NULL, clock_wall());
}

int probe_write(const char *path, const struct probe *p) {
        const struct stat like = { .st_uid = geteuid(), .st_gid = getegid(), .st_mode = 0644 };
        cleanup_(text_deinit) struct text t;
        int r;

        text_init(&t);
        add(&t, p);
        r = t.failed ? -ENOMEM : file_replace(path, text_str(&t), &like);
        if (r == 0)
                return EXIT_FINE;
        fprintf(stderr, "docksill %s: %s: %s\n", p->r->command->name, path, strerror(-r));
        return EXIT_ENVIRONMENT;
}
