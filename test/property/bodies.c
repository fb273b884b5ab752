#include "bodies.h"

#define SPELLINGS 8

static const char *const targets[] = {
        "/v1.41/containers/create?name=web", "/v1.41/containers/create", "/v1.41/containers/create",
        "/v1.39/containers/create",          "/v1.40/containers/create", "/v1.44/containers/create",
        "/v1.51/containers/create",          "/containers/create",
};

/* Where a body is hardened, and the ways to say that it is or is not. NULL ends a list. */
static const struct hardening {
        const char *field;
        const char *hard[SPELLINGS], *soft[SPELLINGS];
        bool part;  /* see hardening_is_part() */
        bool pairs; /* of soft the value at the same place is taken: they differ in the hardening alone */
} hardenings[] = {
        { "User",
          { "'10001:10001'", "'10001'", "'20002:20002'" },
          { "''", "'root'", "'0:0'", "'+0'", "'10001:0'", "'app'", "null" } },
        { "HostConfig.CapDrop",
          { "['ALL']", "['all']", "['CAP_ALL']", "['NET_RAW','ALL']" },
          { "null", "[]", "['NET_RAW']", "['MKNOD','CHOWN']" } },
        { "HostConfig.SecurityOpt",
          { "['no-new-privileges:true']", "['no-new-privileges']", "['no-new-privileges=1','apparmor=docker-default']",
            "['label=type:container_t','no-new-privileges:T','seccomp=builtin']" },
          { "null", "[]", "['no-new-privileges:false']", "['no-new-privileges','no-new-privileges=F']",
            "['apparmor=docker-default']" } },
        { "HostConfig.ReadonlyRootfs", { "true" }, { "false", "null" } },
        { "HostConfig.Tmpfs",
          { "{'/tmp':'rw,noexec,nosuid,size=64m'}" },
          { "{'/tmp':''}", "{'/tmp':'rw,exec'}" },
          .part = true },
        { "HostConfig.Memory", { "536870912", "134217728" }, { "0", "null" } },
        { "HostConfig.NanoCpus", { "1000000000" }, { "0", "null" } },
        { "HostConfig.CpusetCpus", { "'0-1'" }, { "''" } },
        { "HostConfig.CpuQuota", { "50000" }, { "0", "-1" } },
        { "HostConfig.CpuShares", { "512" }, { "0" } },
        { "HostConfig.PidsLimit", { "100" }, { "0", "-1", "null" } },
        { "HostConfig.Ulimits", { "[{'Name':'nofile','Soft':1024,'Hard':2048}]" }, { "null", "[]" } },
        { "Healthcheck",
          { "{'Test':['CMD-SHELL','true']}", "{'Test':['CMD','/check'],'Interval':30000000000}" },
          { "null", "{}", "{'Test':[]}", "{'Test':['NONE']}" } },
        { "HostConfig.NetworkMode", { "'appnet'", "'none'" }, { "'default'", "'bridge'", "''", "null" } },
        { "Image",
          { "'nginx@sha256:b4defc7ca9c287cf157302ae65abf6900c52cbccace54d47779b7c2e389a15d8'",
            "'nginx:1.27.2@sha256:b4defc7ca9c287cf157302ae65abf6900c52cbccace54d47779b7c2e389a15d8'" },
          { "'nginx:1.27.2'", "'nginx'", "'nginx:latest'", "'docker.io/library/nginx'" } },
        { "HostConfig.PortBindings",
          { "{'8080/tcp':[{'HostIp':'127.0.0.1','HostPort':'8080'}]}",
            "{'8080/tcp':[{'HostIp':'::1','HostPort':'8080'}]}",
            "{'6379/tcp':[{'HostIp':'127.0.0.1','HostPort':''},{'HostIp':'192.0.2.7','HostPort':'16379'}]}",
            "{'8000/udp':[{'HostIp':'127.0.0.1','HostPort':'8000-8020'}]}" },
          { "{'8080/tcp':[{'HostIp':'','HostPort':'8080'}]}", "{'8080/tcp':[{'HostPort':'8080'}]}",
            "{'6379/tcp':[{'HostIp':'0.0.0.0','HostPort':''},{'HostIp':'192.0.2.7','HostPort':'16379'}]}",
            "{'8000/udp':[{'HostIp':'::','HostPort':'8000-8020'}]}" },
          .part = true,
          .pairs = true },
        { "HostConfig.Binds",
          { "['/etc/app.conf:/c:ro']", "['/srv/app:/app:ro','data:/d']", "['/opt:/o:ro,z']",
            "['/etc/localtime:/etc/localtime:ro']", "['/home/ann/.ssh:/k:ro','/var/log:/l:ro']",
            "['/var/run/docker.sock:/s:ro']" },
          { "['/etc/app.conf:/c']", "['/srv/app:/app:rw','data:/d']", "['/opt:/o:z']",
            "['/etc/localtime:/etc/localtime']", "['/home/ann/.ssh:/k:ro','/var/log:/l']",
            "['/var/run/docker.sock:/s']" },
          .part = true,
          .pairs = true },
        { "HostConfig.RestartPolicy",
          { "{'Name':'on-failure','MaximumRetryCount':5}", "{'Name':'on-failure','MaximumRetryCount':1}" },
          { "{'Name':'on-failure','MaximumRetryCount':0}", "{'Name':'on-failure','MaximumRetryCount':1000}" },
          .part = true },
        { "HostConfig.LogConfig",
          { "{'Type':'json-file','Config':{'max-size':'10m','max-file':'3'}}" },
          { "{'Type':'json-file','Config':{}}", "{'Type':'json-file'}" },
          .part = true },
        { "HostConfig.CgroupnsMode", { "'private'" }, { "''", "null" } },
        { "HostConfig.IpcMode", { "'private'", "'none'" }, { "''", "null" } },
};
const size_t hardenings_n = ARRAY_SIZE(hardenings);
_Static_assert(ARRAY_SIZE(hardenings) <= HARDENINGS_MOST, "recipes have a setting for each");

/* How a danger comes into a body. */
enum how {
        SET,     /* in place of what is there */
        APPEND,  /* to a list */
        PUT,     /* into a map, under the key .key */
        PUBLISH, /* into the list of a map, under the key .key */
        PREFIX,  /* before a text */
};

/*
 * What nobody should ask for without a reason, and some harmless company. Two dangers of one slot can't stand in one
 * body: of system-call filters the last one wins, and so the milder one would push the worse one out. The slot of SET
 * is its field.
 */
static const struct danger {
        const char *rule, *field;
        enum how how;
        const char *value, *key, *slot;
} dangers[] = {
        { "privileged-container", "HostConfig.Privileged", SET, "true" },
        { "host-pid", "HostConfig.PidMode", SET, "'host'" },
        { "joined-namespace", "HostConfig.PidMode", SET, "'container:t1'" },
        { "host-ipc", "HostConfig.IpcMode", SET, "'host'" },
        { "ipc-shareable", "HostConfig.IpcMode", SET, "'shareable'" },
        { "joined-namespace", "HostConfig.IpcMode", SET, "'container:t1'" },
        { "host-uts", "HostConfig.UTSMode", SET, "'host'" },
        { "host-userns", "HostConfig.UsernsMode", SET, "'host'" },
        { "host-cgroupns", "HostConfig.CgroupnsMode", SET, "'host'" },
        { "host-network", "HostConfig.NetworkMode", SET, "'host'" },
        { "joined-namespace", "HostConfig.NetworkMode", SET, "'container:t1'" },

        { "host-root-mount", "HostConfig.Binds", APPEND, "'/:/host:ro'" },
        { "runtime-socket-mount", "HostConfig.Binds", APPEND, "'/var/run/docker.sock:/s:ro'" },
        { "runtime-socket-mount", "HostConfig.Binds", APPEND, "'/run:/r'" },
        { "sensitive-host-mount", "HostConfig.Binds", APPEND, "'/etc:/h'" },
        { "sensitive-host-mount", "HostConfig.Binds", APPEND, "'//etc//./passwd:/p:ro'" },
        { "sensitive-host-mount", "HostConfig.Binds", APPEND, "'/usr/src:/usr/src:ro'" },
        { "sensitive-host-mount", "HostConfig.Binds", APPEND, "'/var/log:/l:ro'" },
        { "sensitive-host-mount", "HostConfig.Binds", APPEND, "'/proc/1/root:/h:ro'" },
        { "self-protection", "HostConfig.Binds", APPEND, "'/etc/docksill:/r:ro'" },
        { "host-bind-mount", "HostConfig.Binds", APPEND, "'/srv/data:/data'" },
        { "mount-propagation-shared", "HostConfig.Binds", APPEND, "'/srv/x:/x:rshared'" },
        { "mount-propagation-shared", "HostConfig.Binds", APPEND, "'/srv/y:/y:ro,rslave'" },
        { NULL, "HostConfig.Binds", APPEND, "'more:/m'" },
        { "sensitive-host-mount", "HostConfig.Mounts", APPEND, "{'Type':'bind','Source':'/boot','Target':'/b'}" },
        { "image-mount", "HostConfig.Mounts", APPEND, "{'Type':'image','Source':'app:1','Target':'/i'}" },
        { "request-unknown-value", "HostConfig.Mounts", APPEND, "{'Type':'npipe','Source':'p','Target':'/p'}" },
        { "volume-driver-remote", "HostConfig.Mounts", APPEND, "{'Type':'cluster','Source':'c','Target':'/c'}" },
        { "volume-driver-bind", "HostConfig.Mounts", APPEND,
          "{'Type':'volume','Source':'v','Target':'/v','VolumeOptions':{'DriverConfig':"
          "{'Options':{'type':'none','o':'bind','device':'/srv'}}}}" },
        { "volume-driver-bind", "HostConfig.Mounts", APPEND,
          "{'Type':'volume','Source':'w','Target':'/w','VolumeOptions':{'DriverConfig':"
          "{'Name':'local','Options':{'type':'ext4','device':'/dev/vda'}}}}" },
        { "volume-driver-remote", "HostConfig.Mounts", APPEND,
          "{'Type':'volume','Source':'o','Target':'/o','VolumeOptions':{'DriverConfig':"
          "{'Options':{'type':'overlay','o':'lowerdir=/,upperdir=/srv/u,workdir=/srv/w','device':'overlay'}}}}" },
        { "volume-driver-remote", "HostConfig.Mounts", APPEND,
          "{'Type':'volume','Source':'n','Target':'/n','VolumeOptions':{'DriverConfig':"
          "{'Name':'local','Options':{'type':'nfs','o':'addr=192.0.2.1','device':':/export'}}}}" },
        { "volume-driver-remote", "HostConfig.Mounts", APPEND,
          "{'Type':'volume','Source':'s','Target':'/s','VolumeOptions':{'DriverConfig':{'Name':'sshfs'}}}" },
        { NULL, "HostConfig.Mounts", APPEND, "{'Type':'tmpfs','Target':'/t'}" },
        { NULL, "HostConfig.VolumeDriver", SET, "'sshfs'" }, /* of named volumes, where there are some */
        { "volumes-from", "HostConfig.VolumesFrom", APPEND, "'t1:ro'" },
        { "tmpfs-permissive", "HostConfig.Tmpfs", PUT, "''", "/scratch" },
        { "tmpfs-permissive", "HostConfig.Tmpfs", PUT, "'rw'", "/it's $HOME; a \"name\"" }, /* in a flag, for a shell */

        { "dangerous-capability", "HostConfig.CapAdd", APPEND, "'SYS_ADMIN'" },
        { "dangerous-capability", "HostConfig.CapAdd", APPEND, "'cap_net_admin'" },
        { "dangerous-capability", "HostConfig.CapAdd", APPEND, "'Sys_Ptrace'" },
        { "dangerous-capability", "HostConfig.CapAdd", APPEND, "'all'" },
        { "extra-capability", "HostConfig.CapAdd", APPEND, "'IPC_LOCK'" },
        { "capability-add-default", "HostConfig.CapAdd", APPEND, "'SYS_CHROOT'" },
        { "net-raw-capability", "HostConfig.CapAdd", APPEND, "'NET_RAW'" },
        { NULL, "HostConfig.CapAdd", APPEND, "'NET_BIND_SERVICE'" },

        { "device-exposed", "HostConfig.Devices", APPEND, "{'PathOnHost':'/dev/mem','PathInContainer':'/dev/mem'}" },
        { "device-exposed", "HostConfig.Devices", APPEND, "{'PathOnHost':'/dev/fuse','PathInContainer':'/dev/fuse'}" },
        { "device-exposed", "HostConfig.Devices", APPEND, "{'PathOnHost':'/dev/dri','PathInContainer':'/dev/dri'}" },
        { "device-cgroup-rule", "HostConfig.DeviceCgroupRules", APPEND, "'c 10:200 rwm'" },
        { "device-cgroup-rule", "HostConfig.DeviceCgroupRules", APPEND, "'b 8:* rwm'" },
        { "device-request", "HostConfig.DeviceRequests", APPEND,
          "{'Driver':'nvidia','Count':-1,'Capabilities':[['gpu']]}" },

        { "seccomp-unconfined", "HostConfig.SecurityOpt", APPEND, "'seccomp=unconfined'", .slot = "seccomp" },
        { "seccomp-custom-profile", "HostConfig.SecurityOpt", APPEND, "'seccomp={`defaultAction`:`SCMP_ACT_ALLOW`}'",
          .slot = "seccomp" },
        { "seccomp-custom-profile", "HostConfig.SecurityOpt", APPEND, "'seccomp:{'", .slot = "seccomp" },
        { "apparmor-unconfined", "HostConfig.SecurityOpt", APPEND, "'apparmor:unconfined'" },
        { "selinux-disabled", "HostConfig.SecurityOpt", APPEND, "'label=disable'" },
        { "selinux-type-override", "HostConfig.SecurityOpt", APPEND, "'label=type:spc_t'" },
        { "no-new-privileges-missing", "HostConfig.SecurityOpt", APPEND, "'no-new-privileges:0'" },
        { "writable-cgroups", "HostConfig.SecurityOpt", APPEND, "'writable-cgroups'" },
        { "request-unknown-value", "HostConfig.SecurityOpt", APPEND, "'credentialspec=file://x'" },
        { "unmasked-system-paths", "HostConfig.MaskedPaths", SET, "[]" },
        { "unmasked-system-paths", "HostConfig.ReadonlyPaths", SET, "[]" },
        { "unsafe-sysctl", "HostConfig.Sysctls", PUT, "'1'", "net.ipv4.conf.all.route_localnet" },
        { "unsafe-sysctl", "HostConfig.Sysctls", PUT, "'|/x'", "kernel.core_pattern" },
        { NULL, "HostConfig.Sysctls", PUT, "'0'", "net.ipv4.ip_unprivileged_port_start" },
        { "cgroup-parent", "HostConfig.CgroupParent", SET, "'/system.slice'" },
        { "custom-runtime", "HostConfig.Runtime", SET, "'io.containerd.evil.v1'" },
        { "annotations-set", "HostConfig.Annotations", PUT, "'1'", "run.oci.keep_original_groups" },

        { "user-root-group", "HostConfig.GroupAdd", APPEND, "'docker'" },
        { "user-root-group", "HostConfig.GroupAdd", APPEND, "'0'" },
        { NULL, "HostConfig.GroupAdd", APPEND, "'20002'" },
        { "oom-kill-disabled", "HostConfig.OomKillDisable", SET, "true" },
        { "oom-score", "HostConfig.OomScoreAdj", SET, "-500" },
        { "shm-large", "HostConfig.ShmSize", SET, "2147483648" },
        { "swap-unlimited", "HostConfig.MemorySwap", SET, "-1" },
        { "ulimit-unlimited", "HostConfig.Ulimits", APPEND, "{'Name':'memlock','Soft':-1,'Hard':-1}" },
        { "ulimit-unlimited", "HostConfig.Ulimits", APPEND, "{'Name':'nofile','Soft':1024,'Hard':1048576}" },
        { "restart-unbounded", "HostConfig.RestartPolicy", SET, "{'Name':'always','MaximumRetryCount':0}" },
        { "restart-unbounded", "HostConfig.RestartPolicy", SET, "{'Name':'unless-stopped'}" },
        { "log-driver-none", "HostConfig.LogConfig", SET, "{'Type':'none','Config':{}}" },
        { "log-address-chosen", "HostConfig.LogConfig", SET,
          "{'Type':'syslog','Config':{'syslog-address':'udp://192.0.2.7:514'}}" },
        { "sshd-in-container", "Cmd", SET, "['/usr/sbin/sshd','-D']" },

        { "port-sensitive", "HostConfig.PortBindings", PUBLISH, "{'HostIp':'','HostPort':'15432'}", "5432/tcp" },
        { "port-privileged", "HostConfig.PortBindings", PUBLISH, "{'HostIp':'0.0.0.0','HostPort':'22'}", "22/tcp" },
        { "port-range", "HostConfig.PortBindings", PUBLISH, "{'HostIp':'::','HostPort':'9000-9020'}", "9000/udp" },
        { "port-wildcard", "HostConfig.PortBindings", PUBLISH, "{'HostIp':'','HostPort':''}", "8080/tcp" },
        { "port-wildcard", "HostConfig.PortBindings", PUBLISH, "{'HostPort':'8081'}", "8080/tcp" },
        { "port-wildcard", "HostConfig.PortBindings", PUBLISH, "{'HostIp':'','HostPort':'7001'}", "7001" },
        { "port-sensitive", "HostConfig.PortBindings", PUBLISH, "{'HostIp':'x','HostPort':'1'}", "6379/TCP" },
        { NULL, "HostConfig.PortBindings", PUBLISH, "{'HostIp':'127.0.0.1','HostPort':'7000'}", "7000/sctp" },
        { "port-publish-all", "HostConfig.PublishAllPorts", SET, "true" },
        { "legacy-link", "HostConfig.Links", APPEND, "'db:db'" },
        { "host-gateway", "HostConfig.ExtraHosts", APPEND, "'host.docker.internal:host-gateway'" },

        { "secret-in-env", "Env", APPEND, "'DB_PASSWORD=x'" },
        { "secret-literal", "Env", APPEND, "'DSN=postgres://u:hunter2@db/x'" },
        { "secret-literal", "Labels", PUT, "'AKIAABCDEFGHIJKLMNOP'", "k" },
        { "tls-verify-off", "Env", APPEND, "'NODE_TLS_REJECT_UNAUTHORIZED=0'" },
        { "docker-host-env", "Env", APPEND, "'DOCKER_HOST=tcp://192.0.2.7:2375'" },
        { NULL, "Env", APPEND, "'TZ=UTC'" },
        { "image-untrusted-registry", "Image", PREFIX, "evil.example/" },
        { "request-unknown-value", "HostConfig.TrustMe", SET, "true" },
};
const size_t dangers_n = ARRAY_SIZE(dangers);

const char *hardening_name(size_t hardening) {
        return hardenings[hardening].field;
}

bool hardening_is_part(size_t hardening) {
        return hardenings[hardening].part;
}

const char *danger_name(size_t danger) {
        return dangers[danger].field;
}

const char *danger_rule(size_t danger) {
        return dangers[danger].rule;
}

/* -- JSON -- */

json_t *json_from(const char *quoted) {
        cleanup_(text_deinit) struct text t;
        json_t *value;

        text_init(&t);
        for (const char *p = quoted; *p; ++p)
                if (*p == '\'')
                        text_add_char(&t, '"');
                else if (*p == '`')
                        text_addz(&t, "\\\"");
                else
                        text_add_char(&t, *p);
        value = json_loads(t.p, JSON_DECODE_ANY, NULL);
        if (!value)
                fail_msg("no JSON: %s", quoted);
        return value;
}

static bool is_null(const json_t *value) {
        return !value || json_typeof(value) == JSON_NULL;
}

/* The object that holds a field, and the field's own name. */
static json_t *holder(json_t *body, const char *field, const char **name) {
        const char *dot = strchr(field, '.');
        json_t *host_config = json_object_get(body, "HostConfig");

        if (!dot) {
                *name = field;
                return body;
        }
        if (!host_config) {
                host_config = json_object();
                json_object_set_new(body, "HostConfig", host_config);
        }
        *name = dot + 1;
        return host_config;
}

/* What stands at @name, made @otherwise (taken over) when that is nothing. */
static json_t *member(json_t *object, const char *name, json_t *otherwise) {
        json_t *value = json_object_get(object, name);

        if (is_null(value)) {
                json_object_set_new(object, name, otherwise);
                return otherwise;
        }
        json_decref(otherwise);
        return value;
}

static void add_danger(json_t *body, const struct danger *d) {
        json_t *list;
        const char *name;
        json_t *object = holder(body, d->field, &name);

        switch (d->how) {
        case SET: json_object_set_new(object, name, json_from(d->value)); break;
        case APPEND: json_array_append_new(member(object, name, json_array()), json_from(d->value)); break;
        case PUT: json_object_set_new(member(object, name, json_object()), d->key, json_from(d->value)); break;
        case PUBLISH:
                list = member(member(object, name, json_object()), d->key, json_array());
                json_array_append_new(list, json_from(d->value));
                break;
        case PREFIX: {
                const char *old = json_string_value(json_object_get(object, name));

                json_object_set_new(object, name, json_sprintf("%s%s", d->value, old));
                break;
        }
        }
}

/* -- recipes -- */

static size_t count(const char *const *values) {
        size_t n = 0;

        while (n < SPELLINGS && values[n])
                ++n;
        return n;
}

static const char *setting_value(const struct recipe *r, size_t i) {
        const struct hardening *h = &hardenings[i];
        const char *const *values = r->settings[i] == HARDENED ? h->hard : h->soft;

        return values[r->spellings[i] % count(h->pairs ? h->hard : values)];
}

/* As docker 20.10 sends it when nothing is asked for. */
static json_t *client_body(void) {
        return json_from("{'Hostname':'','Domainname':'','User':'','AttachStdin':false,'AttachStdout':true,"
                         "'AttachStderr':true,'Tty':false,'OpenStdin':false,'StdinOnce':false,'Env':null,'Cmd':null,"
                         "'Image':'nginx:1.27.2','Volumes':{},'WorkingDir':'','Entrypoint':null,'OnBuild':null,"
                         "'Labels':{},'HostConfig':{'Binds':null,'ContainerIDFile':'','LogConfig':{'Type':'',"
                         "'Config':{}},'NetworkMode':'default','PortBindings':{},'RestartPolicy':{'Name':'no',"
                         "'MaximumRetryCount':0},'AutoRemove':false,'VolumeDriver':'','VolumesFrom':null,"
                         "'CapAdd':null,'CapDrop':null,'CgroupnsMode':'','Dns':[],'DnsOptions':[],'DnsSearch':[],"
                         "'ExtraHosts':null,'GroupAdd':null,'IpcMode':'','Cgroup':'','Links':null,'OomScoreAdj':0,"
                         "'PidMode':'','Privileged':false,'PublishAllPorts':false,'ReadonlyRootfs':false,"
                         "'SecurityOpt':null,'UTSMode':'','UsernsMode':'','ShmSize':0,'ConsoleSize':[0,0],"
                         "'Isolation':'','CpuShares':0,'Memory':0,'NanoCpus':0,'CgroupParent':'','BlkioWeight':0,"
                         "'BlkioWeightDevice':[],'BlkioDeviceReadBps':null,'BlkioDeviceWriteBps':null,"
                         "'BlkioDeviceReadIOps':null,'BlkioDeviceWriteIOps':null,'CpuPeriod':0,'CpuQuota':0,"
                         "'CpuRealtimePeriod':0,'CpuRealtimeRuntime':0,'CpusetCpus':'','CpusetMems':'',"
                         "'Devices':[],'DeviceCgroupRules':null,'DeviceRequests':null,'KernelMemory':0,"
                         "'KernelMemoryTCP':0,'MemoryReservation':0,'MemorySwap':0,'MemorySwappiness':-1,"
                         "'OomKillDisable':false,'PidsLimit':0,'Ulimits':null,'CpuCount':0,'CpuPercent':0,"
                         "'IOMaximumIOps':0,'IOMaximumBandwidth':0,'MaskedPaths':null,'ReadonlyPaths':null},"
                         "'NetworkingConfig':{'EndpointsConfig':{}}}");
}

json_t *recipe_body(const struct recipe *r) {
        json_t *body = r->form == FORM_CLIENT ? client_body() : json_from("{'Image':'nginx:1.27.2'}");

        for (size_t i = 0; i < hardenings_n; ++i) {
                const char *name;

                if (r->settings[i] != LEFT_OUT) {
                        json_t *object = holder(body, hardenings[i].field, &name);

                        json_object_set_new(object, name, json_from(setting_value(r, i)));
                }
        }
        for (size_t i = 0; i < r->n; ++i)
                add_danger(body, &dangers[r->dangers[i]]);
        return body;
}

static const char *slot_of(const struct danger *d) {
        return d->slot ? d->slot : d->how == SET || d->how == PREFIX ? d->field : NULL;
}

bool recipe_add(struct recipe *r, unsigned danger) {
        const char *slot = slot_of(&dangers[danger]);

        if (r->n == DANGERS_MOST)
                return false;
        for (size_t i = 0; i < r->n; ++i) {
                const char *taken = slot_of(&dangers[r->dangers[i]]);

                if (r->dangers[i] == danger || (slot && taken && strcmp(slot, taken) == 0))
                        return false;
        }
        r->dangers[r->n++] = danger;
        return true;
}

void recipe_remove(struct recipe *r, size_t at) {
        --r->n;
        memmove(&r->dangers[at], &r->dangers[at + 1], (r->n - at) * sizeof(r->dangers[0]));
}

void recipe_hardened(struct recipe *r, enum form form) {
        *r = (struct recipe){ .form = form, .target = targets[0] };
        for (size_t i = 0; i < hardenings_n; ++i)
                r->settings[i] = HARDENED;
}

void recipe_any(struct recipe *r, struct chance *chance) {
        static const unsigned often[] = { 0, 0, 1, 1, 2, 3, 5, 8 }; /* dangers */
        unsigned hardness = chance_below(chance, 5), wanted = often[chance_below(chance, ARRAY_SIZE(often))];

        *r = (struct recipe){ .form = chance_below(chance, FORMS),
                              .target = targets[chance_below(chance, ARRAY_SIZE(targets))] };
        for (size_t i = 0; i < hardenings_n; ++i) {
                if (chance_below(chance, 4) < hardness)
                        r->settings[i] = HARDENED;
                else
                        r->settings[i] = chance_below(chance, 2) ? SOFT : LEFT_OUT;
                r->spellings[i] = chance_below(chance, 1000);
        }
        while (wanted-- > 0)
                recipe_add(r, chance_below(chance, dangers_n));
}

void recipe_judge(struct judged *j, const struct road *road, const struct recipe *r) {
        json_t *body = recipe_body(r);

        judge_json(j, road, r->target, body);
        json_decref(body);
}

void recipe_say(struct text *t, const struct recipe *r) {
        json_t *body = recipe_body(r);
        cleanup_(freep) char *said = json_dumps(body, JSON_COMPACT);

        text_addf(t, "POST %s %s", r->target, said);
        json_decref(body);
}
