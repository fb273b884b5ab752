/*
 * The host's files, and what the engine's lists tell of its tidiness.
 */
#include "docksill/decide/decide.h"
#include "docksill/host/posture.h"
#include "inventory.h"
#include "judged.h"
#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>

#define MEMORY ((size_t)64 * 1024 * 1024)

/* daemon.config.* is the engine's, though it stands in files of the host. */
static enum audit_area area_of(const struct rule *rule) {
        return rule->about && str_starts(rule->about->name, STR_C("daemon.")) ? AREA_DAEMON : AREA_HOST;
}

static void tell_notes(struct auditing *a, const struct posture *posture) {
        struct report *r = a->report;

        for (size_t i = 0; i < posture->notes.n; ++i)
                ARENA_ADD(r->arena, &r->facts,
                          (struct report_fact){ STR_C("note"), report_keep(r, posture->notes.items[i]) });
}

static void judge(struct auditing *a, const struct request *request, const struct decision *d,
                  const struct posture *posture) {
        struct rule_view rules = ruleset_for(a->rules, operation_index(request->operation));
        struct judgement j = { .decision = d, .request = request, .gaps = &posture->gaps };

        for (size_t i = 0; i < rules.n; ++i) {
                enum audit_area area = area_of(rules.items[i]);

                if (!a->asked[area])
                        continue;
                j.subject = auditing_only(a, area);
                judged_rule(a, &j, rules.items[i]);
        }
}

/* Who listens there: of several dockerd the one that is asked. With systemd's socket it is systemd. */
static int64_t process_of(const char *socket_path) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        struct ucred peer = { 0 };
        socklen_t size = sizeof(peer);
        cleanup_(closep) int fd = -1;

        if (strlen(socket_path) >= sizeof(address.sun_path))
                return 0;
        memcpy(address.sun_path, socket_path, strlen(socket_path));
        fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
            getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
                return 0;
        return peer.pid;
}

/* What dockerd is told, held against what it says of itself. */
static int hold_against(struct auditing *a, struct posture *posture, struct request *request, struct arena *arena) {
        cleanup_(freep) char *info = a->told.info ? json_dumps(a->told.info, JSON_COMPACT) : NULL;
        struct request engine;
        struct str text = { 0 };
        int r = 0;

        if (!a->socket)
                return 0;
        if (info)
                r = arena_str(arena, str_from(info), &text);
        if (r == 0 && info)
                r = auditing_read_answer(&engine, arena, "/info", text);
        if (r == -ENOMEM)
                return r;
        return posture_in_force(posture, request, info && r == 0 ? &engine : NULL, a->socket, arena);
}

int audit_host(struct auditing *a) {
        cleanup_(arena_deinit) struct arena arena;
        struct posture posture = { 0 };
        struct request request;
        struct decision d;
        int r;

        arena_init(&arena, MEMORY);
        host_request_init(&request);
        request.now = a->at;
        if (a->socket && a->files.live)
                posture.engine = process_of(a->socket);
        r = posture_read(&posture, &request, &arena, &a->files);
        if (r == 0)
                r = hold_against(a, &posture, &request, &arena);
        if (r == 0)
                r = inventory_tell(a, &request, &posture.gaps, &arena);
        if (r == 0)
                r = decide_findings(&d, a->rules, &request, a->at, &arena);
        if (r < 0)
                return r;
        tell_notes(a, &posture);
        a->daemon_json = report_keep(a->report, posture.daemon_json);
        a->new_privileges = posture.new_privileges;
        judge(a, &request, &d, &posture);
        return arena_full(a->report->arena) ? -ENOMEM : 0;
}
