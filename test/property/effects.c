#include "effects.h"
#include "bodies.h"

/* clang-format off */
#define DIGEST "sha256:b4defc7ca9c287cf157302ae65abf6900c52cbccace54d47779b7c2e389a15d8"
#define PINNED "nginx@" DIGEST

const struct frame_row frames[FRAMES] = {
        [CREATE] = { "/containers/create?name=web",
                     "{'Image':'" PINNED "','User':'10001:10001','Healthcheck':{'Test':['CMD','/check']},"
                     "'HostConfig':{'CapDrop':['ALL'],'SecurityOpt':['no-new-privileges'],'ReadonlyRootfs':true,"
                     "'Memory':536870912,'NanoCpus':1000000000,'PidsLimit':100,'NetworkMode':'app-net',"
                     "'Ulimits':[{'Name':'nofile','Soft':1024,'Hard':2048}],"
                     "'LogConfig':{'Type':'json-file','Config':{'max-size':'10m'}},"
                     "'CgroupnsMode':'private','IpcMode':'private'}}" },
        [SERVICE] = { "/services/create",
                      "{'Name':'web','TaskTemplate':{'ContainerSpec':{'Image':'" PINNED "','User':'10001:10001',"
                      "'Healthcheck':{'Test':['CMD','/check']},'CapabilityDrop':['ALL'],'ReadOnly':true,"
                      "'Privileges':{'NoNewPrivileges':true},'Ulimits':[{'Name':'nofile','Soft':1024,'Hard':2048}]},"
                      "'Resources':{'Limits':{'MemoryBytes':536870912,'NanoCPUs':1000000000,'Pids':100}},"
                      "'RestartPolicy':{'Condition':'none'},'Networks':[{'Target':'app-net'}],"
                      "'LogDriver':{'Name':'json-file','Options':{'max-size':'10m'}}}}",
                      .other = "/services/web/update?version=7" },
        [START] = { "/containers/t1/start", NULL },
        [RESTART] = { "/containers/t1/restart", NULL },
        [EXEC] = { "/containers/t1/exec", "{'User':'10001','Cmd':['/app']}" },
        [UPDATE] = { "/containers/t1/update", "{}" },
        [COMMIT] = { "/commit?container=t1", "{'User':'10001:10001'}" },
        [VOLUME] = { "/volumes/create", "{'Name':'v'}" },
        [NETWORK] = { "/networks/create", "{'Name':'n','Driver':'bridge','Internal':true}" },
        [CONNECT] = { "/networks/app-net/connect", "{'Container':'t1'}" },
        [SWARM_INIT] = { "/swarm/init", "{'ListenAddr':'192.0.2.7:2377','Spec':{'EncryptionConfig':{'AutoLockManagers':true}}}" },
        [SWARM_UPDATE] = { "/swarm/update?version=7", "{'EncryptionConfig':{'AutoLockManagers':true}}" },
        [SWARM_JOIN] = { "/swarm/join", "{'ListenAddr':'192.0.2.7:2377','RemoteAddrs':['192.0.2.8:2377'],'JoinToken':'t'}" },
        [NODE] = { "/nodes/n1/update?version=7", "{'Role':'worker','Availability':'active'}" },
        [SECRET] = { "/secrets/create", "{'Name':'s'}" },
        [CONFIG] = { "/configs/create", "{'Name':'c','Data':''}" },
        [BUILD] = { "/build?pull=1&t=r.example/a:1", NULL, "application/x-tar", "10240" },
        [IMPORT] = { "/images/create?fromSrc=-&repo=r.example/a", NULL, "application/x-tar", "10240" },
        [PULL] = { "/images/create?fromImage=" PINNED, NULL },
        [PLUGIN_PULL] = { "/plugins/pull?remote=" PINNED "&name=p", "[]" },
        [PLUGIN_UPGRADE] = { "/plugins/p/upgrade?remote=" PINNED, "[]" },
        [PLUGIN_SET] = { "/plugins/p/set", "[]" },
        [CHECKPOINT] = { "/containers/t1/checkpoints", "{'CheckpointID':'c1'}" },
        [BARE] = { "/", NULL },
};

const char *const spelling_names[SPELLINGS_OF_DOORS] = {
        [AS_DOCKER_DOES] = "",
        [NO_VERSION] = "without a version",
        [OLD_VERSION] = "in API 1.24",
        [NEW_VERSION] = "in API 1.51",
        [LOWER_KEYS] = "in lower keys",
        [FOLDED_KEYS] = "in folded keys",
        [OTHER_CALL] = "as an update",
};

/* -- paths of the host -- */

#define HC(inner)      "{'HostConfig':{" inner "}}"
#define SPEC(inner)    "{'TaskTemplate':{'ContainerSpec':{" inner "}}}"
#define TASK(inner)    "{'TaskTemplate':{" inner "}}"
#define MOUNTS(inner)  HC("'Mounts':[{" inner ",'Target':'/x'}]")
#define SMOUNTS(inner) SPEC("'Mounts':[{" inner ",'Target':'/x'}]")
#define LOCAL(options) "'Type':'volume','Source':'v','VolumeOptions':{'DriverConfig':{'Name':'local','Options':{" options "}}}"
#define NAMED(options) { "volume", "v", "{'Name':'v','Driver':'local','Options':{" options "}}", "{'Name':'v','Driver':'local'}" }
#define OF_T1(inner)   { "container", "t1", "{'Id':'aa','Name':'/t1','HostConfig':{},'Config':{'User':'10001'},'Mounts':[{" inner "}]}", \
                         "{'Id':'aa','Name':'/t1','HostConfig':{},'Config':{'User':'10001'},'Mounts':[]}" }
#define T1_HAS_V       { "container", "t1", "{'Id':'aa','Name':'/t1','HostConfig':{},'Config':{'User':'10001'},'Mounts':[{'Type':'volume'," \
                         "'Name':'v','Source':'/var/lib/docker/volumes/v/_data','Destination':'/x','Driver':'local','RW':true}]}", NULL }
#define BIND_OPTIONS   "'type':'none','o':'bind','device':'$'"
#define GRANTED(name)  "[{'Name':'" name "','Value':['$']}]"
#define PLUGIN_SERVICE(inner) TASK("'Runtime':'plugin','PluginSpec':{'name':'p','remote':'" PINNED "'" inner "}")

static const struct door bind_doors[] = {
        { "Binds", CREATE, HC("'Binds':['$:/x']") },
        { "Binds with a mode", CREATE, HC("'Binds':['$:/x:z,rw']") },
        { "Mounts", CREATE, MOUNTS("'Type':'bind','Source':'$'") },
        { "VolumeOptions", CREATE, MOUNTS(LOCAL(BIND_OPTIONS)) },
        { "VolumeOptions without a type", CREATE, MOUNTS(LOCAL("'o':'rbind','device':'$'")) },
        { "VolumeOptions that say tmpfs", CREATE, MOUNTS(LOCAL("'type':'tmpfs','o':'size=1m,bind','device':'$'")) },
        { "VolumeOptions without a driver", CREATE, MOUNTS("'Type':'volume','VolumeOptions':{'DriverConfig':{'Options':{" BIND_OPTIONS "}}}") },
        { "Binds of a named volume", CREATE, HC("'Binds':['v:/x']"), HC("'Binds':['v:/x']"), .tales = { NAMED(BIND_OPTIONS) } },
        { "Mounts of a named volume", CREATE, MOUNTS("'Type':'volume','Source':'v'"), MOUNTS("'Type':'volume','Source':'v'"),
          .tales = { NAMED(BIND_OPTIONS) } },
        { "VolumesFrom", CREATE, HC("'VolumesFrom':['t1']"), HC("'VolumesFrom':['t1']"),
          .tales = { OF_T1("'Type':'bind','Source':'$','Destination':'/x','RW':true") } },
        { "VolumesFrom of a named volume", CREATE, HC("'VolumesFrom':['t1:rw']"), HC("'VolumesFrom':['t1:rw']"),
          .tales = { T1_HAS_V, NAMED(BIND_OPTIONS) } },
        { "service Mounts", SERVICE, SMOUNTS("'Type':'bind','Source':'$'") },
        { "service Mounts in upper case", SERVICE, SMOUNTS("'Type':'BIND','Source':'$'") },
        { "service Mounts without a type", SERVICE, SMOUNTS("'Source':'$'") },
        { "service VolumeOptions", SERVICE, SMOUNTS(LOCAL(BIND_OPTIONS)) },
        { "service Mounts of a named volume", SERVICE, SMOUNTS("'Type':'volume','Source':'v'"), SMOUNTS("'Type':'volume','Source':'v'"),
          .tales = { NAMED(BIND_OPTIONS) } },
        { "volume", VOLUME, "{'DriverOpts':{" BIND_OPTIONS "}}" },
        { "start", START, .tales = { OF_T1("'Type':'bind','Source':'$','Destination':'/x','RW':true") } },
        { "restart", RESTART, .tales = { OF_T1("'Type':'bind','Source':'$','Destination':'/x','RW':true") } },
        { "start of a named volume", START, .tales = { T1_HAS_V, NAMED(BIND_OPTIONS) } },
        { "plugin pull", PLUGIN_PULL, GRANTED("mount") },
        { "plugin upgrade", PLUGIN_UPGRADE, GRANTED("mount") },
        { "plugin set", PLUGIN_SET, "['m.source=$']" },
        { "plugin set without a field", PLUGIN_SET, "['m=$']", "['m=a']" },
        { "service plugin", SERVICE, PLUGIN_SERVICE(",'privileges':" GRANTED("mount")), PLUGIN_SERVICE("") },
        { 0 },
};

static const struct door read_only_doors[] = {
        { "Binds", CREATE, HC("'Binds':['$:/x:ro']") },
        { "Mounts", CREATE, MOUNTS("'Type':'bind','Source':'$','ReadOnly':true") },
        { "VolumeOptions", CREATE, MOUNTS("'ReadOnly':true," LOCAL(BIND_OPTIONS)) },
        { "Binds of a named volume", CREATE, HC("'Binds':['v:/x:ro']"), HC("'Binds':['v:/x:ro']"), .tales = { NAMED(BIND_OPTIONS) } },
        { "VolumesFrom", CREATE, HC("'VolumesFrom':['t1:ro']"), HC("'VolumesFrom':['t1:ro']"),
          .tales = { OF_T1("'Type':'bind','Source':'$','Destination':'/x','RW':true") } },
        { "VolumesFrom of what is read-only", CREATE, HC("'VolumesFrom':['t1']"), HC("'VolumesFrom':['t1']"),
          .tales = { OF_T1("'Type':'bind','Source':'$','Destination':'/x','RW':false") } },
        { "service Mounts", SERVICE, SMOUNTS("'Type':'bind','Source':'$','ReadOnly':true") },
        { "service VolumeOptions", SERVICE, SMOUNTS("'ReadOnly':true," LOCAL(BIND_OPTIONS)) },
        { "start", START, .tales = { OF_T1("'Type':'bind','Source':'$','Destination':'/x','RW':false") } },
        { 0 },
};

static const struct door propagation_doors[] = {
        { "Binds", CREATE, HC("'Binds':['/srv/x:/x:$']"), HC("'Binds':['/srv/x:/x']") },
        { "Mounts", CREATE, MOUNTS("'Type':'bind','Source':'/srv/x','BindOptions':{'Propagation':'$'}"), MOUNTS("'Type':'bind','Source':'/srv/x'") },
        { "VolumesFrom", CREATE, HC("'VolumesFrom':['t1']"), HC("'VolumesFrom':['t1']"),
          .tales = { { "container", "t1", "{'Id':'aa','Mounts':[{'Type':'bind','Source':'/srv/x','Destination':'/x','RW':true,'Propagation':'$'}]}",
                       "{'Id':'aa','Mounts':[{'Type':'bind','Source':'/srv/x','Destination':'/x','RW':true,'Propagation':'rprivate'}]}" } } },
        { "service Mounts", SERVICE, SMOUNTS("'Type':'bind','Source':'/srv/x','BindOptions':{'Propagation':'$'}"), SMOUNTS("'Type':'bind','Source':'/srv/x'") },
        { "VolumeOptions", CREATE, MOUNTS(LOCAL("'o':'bind,$','device':'/srv/x'")), MOUNTS(LOCAL("'o':'bind','device':'/srv/x'")) },
        { "volume", VOLUME, "{'DriverOpts':{'o':'bind,$','device':'/srv/x'}}", "{'DriverOpts':{'o':'bind','device':'/srv/x'}}" },
        { "Binds of a named volume", CREATE, HC("'Binds':['v:/x']"), HC("'Binds':['v:/x']"),
          .tales = { { "volume", "v", "{'Name':'v','Driver':'local','Options':{'o':'bind,$','device':'/srv/x'}}",
                       "{'Name':'v','Driver':'local','Options':{'o':'bind','device':'/srv/x'}}" } } },
        { "start", START, .tales = { { "container", "t1",
                       "{'Id':'aa','HostConfig':{},'Config':{},'Mounts':[{'Type':'bind','Source':'/srv/x','Destination':'/x','RW':true,'Propagation':'$'}]}",
                       "{'Id':'aa','HostConfig':{},'Config':{},'Mounts':[{'Type':'bind','Source':'/srv/x','Destination':'/x','RW':true}]}" } } },
        { 0 },
};

#define FILESYSTEM "'type':'$1','device':'$2','o':'$3'"
static const struct door filesystem_doors[] = {
        { "VolumeOptions", CREATE, MOUNTS(LOCAL(FILESYSTEM)) },
        { "Binds of a named volume", CREATE, HC("'Binds':['v:/x']"), HC("'Binds':['v:/x']"), .tales = { NAMED(FILESYSTEM) } },
        { "VolumesFrom of a named volume", CREATE, HC("'VolumesFrom':['t1']"), HC("'VolumesFrom':['t1']"), .tales = { T1_HAS_V, NAMED(FILESYSTEM) } },
        { "service VolumeOptions", SERVICE, SMOUNTS(LOCAL(FILESYSTEM)) },
        { "service Mounts of a named volume", SERVICE, SMOUNTS("'Type':'volume','Source':'v'"), SMOUNTS("'Type':'volume','Source':'v'"),
          .tales = { NAMED(FILESYSTEM) } },
        { "volume", VOLUME, "{'DriverOpts':{" FILESYSTEM "}}" },
        { "start of a named volume", START, .tales = { T1_HAS_V, NAMED(FILESYSTEM) } },
        { 0 },
};

static const struct door checkpoint_doors[] = {
        { "checkpoint", CHECKPOINT, "{'CheckpointDir':'$'}" },
        { "checkpoint removed", BARE, .target = "/containers/t1/checkpoints/c1?dir=$", .plain = "/containers/t1/checkpoints/c1", .method = "DELETE" },
        { "checkpoints listed", BARE, .target = "/containers/t1/checkpoints?dir=$", .plain = "/containers/t1/checkpoints", .method = "GET" },
        { "start", START, .target = "/containers/t1/start?checkpoint=c1&checkpoint-dir=$", .plain = "/containers/t1/start?checkpoint=c1",
          .tales = { OF_T1("") } },
        { 0 },
};

/* -- drivers, logs -- */

#define DRIVEN "'Type':'volume','Source':'v','VolumeOptions':{'DriverConfig':{'Name':'$'}}"
static const struct door driver_doors[] = {
        { "VolumeOptions", CREATE, MOUNTS(DRIVEN) },
        { "VolumeDriver of Binds", CREATE, HC("'VolumeDriver':'$','Binds':['v:/x']") },
        { "VolumeDriver of Volumes", CREATE, "{'Volumes':{'/x':{}},'HostConfig':{'VolumeDriver':'$'}}" },
        { "VolumeDriver of the image's volumes", CREATE, HC("'VolumeDriver':'$'") },
        { "Binds of a named volume", CREATE, HC("'Binds':['v:/x']"), HC("'Binds':['v:/x']"),
          .tales = { { "volume", "v", "{'Name':'v','Driver':'$'}", "{'Name':'v','Driver':'local'}" } } },
        { "VolumesFrom of a named volume", CREATE, HC("'VolumesFrom':['t1']"), HC("'VolumesFrom':['t1']"),
          .tales = { T1_HAS_V, { "volume", "v", "{'Name':'v','Driver':'$'}", "{'Name':'v','Driver':'local'}" } } },
        { "service VolumeOptions", SERVICE, SMOUNTS(DRIVEN) },
        { "volume", VOLUME, "{'Driver':'$'}" },
        { "start of a named volume", START,
          .tales = { OF_T1("'Type':'volume','Name':'v','Source':'/x','Destination':'/x','Driver':'$','RW':true") } },
        { "network", NETWORK, "{'Driver':'$'}" },
        { "network's addresses", NETWORK, "{'IPAM':{'Driver':'$'}}" },
        { "secret", SECRET, "{'Driver':{'Name':'$'}}" },
        { "LogConfig", CREATE, HC("'!LogConfig':{'Type':'$'}") },
        { "service LogDriver", SERVICE, TASK("'!LogDriver':{'Name':'$'}") },
        { "swarm LogDriver", SWARM_UPDATE, "{'TaskDefaults':{'LogDriver':{'Name':'$'}}}" },
        { 0 },
};

static const struct door log_doors[] = {
        { "LogConfig", CREATE, HC("'!LogConfig':{'Type':'$1','Config':$2}") },
        { "service LogDriver", SERVICE, TASK("'!LogDriver':{'Name':'$1','Options':$2}") },
        { "swarm init", SWARM_INIT, "{'Spec':{'TaskDefaults':{'LogDriver':{'Name':'$1','Options':$2}}}}" },
        { "swarm update", SWARM_UPDATE, "{'TaskDefaults':{'LogDriver':{'Name':'$1','Options':$2}}}" },
        { 0 },
};

/* -- images, what dockerd goes for, names -- */

static const struct door image_doors[] = {
        { "Image", CREATE, "{'Image':'$'}" },
        { "Mounts", CREATE, MOUNTS("'Type':'image','Source':'$'"), MOUNTS("'Type':'image','Source':'" PINNED "'") },
        { "service Image", SERVICE, SPEC("'Image':'$'") },
        { "service Mounts", SERVICE, SMOUNTS("'Type':'IMAGE','Source':'$'"), SMOUNTS("'Type':'IMAGE','Source':'" PINNED "'") },
        { "pull", PULL, .target = "/images/create?fromImage=$", .plain = "/images/create?fromImage=" PINNED },
        { "push", BARE, .target = "/images/$/push", .plain = "/images/" PINNED "/push" },
        { "tag", BARE, .target = "/images/" PINNED "/tag?repo=$", .plain = "/images/" PINNED "/tag?repo=" PINNED },
        { "asked of the registry", BARE, .target = "/distribution/$/json", .plain = "/distribution/" PINNED "/json", .method = "GET" },
        { "plugin pull", PLUGIN_PULL, .target = "/plugins/pull?remote=$&name=p", .plain = "/plugins/pull?remote=" PINNED "&name=p" },
        { "plugin upgrade", PLUGIN_UPGRADE, .target = "/plugins/p/upgrade?remote=$", .plain = "/plugins/p/upgrade?remote=" PINNED },
        { "plugin privileges", BARE, .target = "/plugins/privileges?remote=$", .plain = "/plugins/privileges?remote=" PINNED, .method = "GET" },
        { "plugin push", BARE, .target = "/plugins/$/push", .plain = "/plugins/" PINNED "/push" },
        { "service plugin", SERVICE, TASK("'Runtime':'plugin','PluginSpec':{'name':'p','remote':'$'}"), PLUGIN_SERVICE("") },
        { 0 },
};

static const struct door fetch_doors[] = {
        { "build", BUILD, .target = "&remote=http://$/Dockerfile", .plain = "&remote=http://192.0.2.9/Dockerfile" },
        { "import", PULL, .target = "/images/create?fromSrc=http://$/a.tar&repo=r.example/a",
          .plain = "/images/create?fromSrc=http://192.0.2.9/a.tar&repo=r.example/a" },
        { "import without a scheme", PULL, .target = "/images/create?fromSrc=$/a.tar&repo=r.example/a",
          .plain = "/images/create?fromSrc=192.0.2.9/a.tar&repo=r.example/a" },
        { "pull", PULL, .target = "/images/create?fromImage=$/a@" DIGEST, .plain = "/images/create?fromImage=192.0.2.9/a@" DIGEST },
        { "push", BARE, .target = "/images/$/a:1/push", .plain = "/images/192.0.2.9/a:1/push" },
        { "asked of the registry", BARE, .target = "/distribution/$/a@" DIGEST "/json", .plain = "/distribution/192.0.2.9/a@" DIGEST "/json",
          .method = "GET" },
        { "search", BARE, .target = "/images/search?term=$/a", .plain = "/images/search?term=192.0.2.9/a", .method = "GET" },
        { "plugin pull", PLUGIN_PULL, .target = "/plugins/pull?name=p&remote=$/a@" DIGEST, .plain = "/plugins/pull?name=p&remote=192.0.2.9/a@" DIGEST },
        { "plugin upgrade", PLUGIN_UPGRADE, .target = "/plugins/p/upgrade?remote=$/a@" DIGEST, .plain = "/plugins/p/upgrade?remote=192.0.2.9/a@" DIGEST },
        { "plugin privileges", BARE, .target = "/plugins/privileges?remote=$/a@" DIGEST, .plain = "/plugins/privileges?remote=192.0.2.9/a@" DIGEST,
          .method = "GET" },
        { "plugin push", BARE, .target = "/plugins/$/a:1/push", .plain = "/plugins/192.0.2.9/a:1/push" },
        { "service Image", SERVICE, SPEC("'Image':'$/a@" DIGEST "'"), SPEC("'Image':'192.0.2.9/a@" DIGEST "'") },
        { "service plugin", SERVICE, TASK("'Runtime':'plugin','PluginSpec':{'name':'p','remote':'$/a@" DIGEST "'}"),
          TASK("'Runtime':'plugin','PluginSpec':{'name':'p','remote':'192.0.2.9/a@" DIGEST "'}") },
        { 0 },
};

static const struct door name_doors[] = {
        { "tag", BARE, .target = "/images/r.example/a:1/tag?repo=$&tag=1", .plain = "/images/r.example/a:1/tag?repo=r.example/b&tag=1" },
        { "build", BUILD, .target = "&t=$:1" },
        { "commit", COMMIT, .target = "&repo=$&tag=1" },
        { "import", IMPORT, .target = "/images/create?fromSrc=-&repo=$&tag=1" },
        { 0 },
};

/* -- what a container may do -- */

#define ENDPOINT_SYSCTL "'DriverOpts':{'com.docker.network.endpoint.sysctls':'$1=$2'}"
static const struct door sysctl_doors[] = {
        { "Sysctls", CREATE, HC("'Sysctls':{'$1':'$2'}") },
        { "service Sysctls", SERVICE, SPEC("'Sysctls':{'$1':'$2'}") },
        { "endpoint", CREATE, "{'NetworkingConfig':{'EndpointsConfig':{'app-net':{" ENDPOINT_SYSCTL "}}}}" },
        { "connect", CONNECT, "{'EndpointConfig':{" ENDPOINT_SYSCTL "}}" },
        { "service TaskTemplate.Networks", SERVICE, TASK("'Networks':[{'Target':'other-net'," ENDPOINT_SYSCTL "}]"), TASK("'Networks':[{'Target':'other-net'}]") },
        { "service Networks", SERVICE, "{'Networks':[{'Target':'other-net'," ENDPOINT_SYSCTL "}]}", "{'Networks':[{'Target':'other-net'}]}" },
        { 0 },
};

static const struct door device_doors[] = {
        { "Devices", CREATE, HC("'Devices':[{'PathOnHost':'$','PathInContainer':'/dev/x','CgroupPermissions':'rwm'}]") },
        { "Binds", CREATE, HC("'Binds':['$:/dev/x']") },
        { "Mounts", CREATE, MOUNTS("'Type':'bind','Source':'$'") },
        { "service Mounts", SERVICE, SMOUNTS("'Type':'bind','Source':'$'") },
        { "plugin pull", PLUGIN_PULL, GRANTED("device") },
        { "plugin set", PLUGIN_SET, "['d.path=$']", },
        { "service plugin", SERVICE, PLUGIN_SERVICE(",'privileges':" GRANTED("device")), PLUGIN_SERVICE("") },
        { 0 },
};

static const struct door block_limit_doors[] = {
        { "BlkioDeviceReadBps", CREATE, HC("'BlkioDeviceReadBps':[{'Path':'$','Rate':1}]") },
        { "BlkioDeviceWriteBps", CREATE, HC("'BlkioDeviceWriteBps':[{'Path':'$','Rate':1}]") },
        { "BlkioDeviceReadIOps", CREATE, HC("'BlkioDeviceReadIOps':[{'Path':'$','Rate':1}]") },
        { "BlkioDeviceWriteIOps", CREATE, HC("'BlkioDeviceWriteIOps':[{'Path':'$','Rate':1}]") },
        { "BlkioWeightDevice", CREATE, HC("'BlkioWeightDevice':[{'Path':'$','Weight':10}]") },
        { "update BlkioDeviceReadBps", UPDATE, "{'BlkioDeviceReadBps':[{'Path':'$','Rate':1}]}" },
        { "update BlkioDeviceWriteBps", UPDATE, "{'BlkioDeviceWriteBps':[{'Path':'$','Rate':1}]}" },
        { "update BlkioDeviceReadIOps", UPDATE, "{'BlkioDeviceReadIOps':[{'Path':'$','Rate':1}]}" },
        { "update BlkioDeviceWriteIOps", UPDATE, "{'BlkioDeviceWriteIOps':[{'Path':'$','Rate':1}]}" },
        { "update BlkioWeightDevice", UPDATE, "{'BlkioWeightDevice':[{'Path':'$','Weight':10}]}" },
        { 0 },
};

#define T1_IS(inner) { "container", "t1", "{'Id':'aa','Name':'/t1','HostConfig':{" inner "},'Config':{'User':'10001'},'Mounts':[]}", \
                       "{'Id':'aa','Name':'/t1','HostConfig':{},'Config':{'User':'10001'},'Mounts':[]}" }
static const struct door capability_doors[] = {
        { "CapAdd", CREATE, HC("'CapAdd':['$']") },
        { "service CapabilityAdd", SERVICE, SPEC("'CapabilityAdd':['$']") },
        { "start", START, .tales = { T1_IS("'CapAdd':['$']") } },
        { "restart", RESTART, .tales = { T1_IS("'CapAdd':['$']") } },
        { "exec", EXEC, .tales = { T1_IS("'CapAdd':['$']") } },
        { "plugin pull", PLUGIN_PULL, GRANTED("capabilities") },
        { "service plugin", SERVICE, PLUGIN_SERVICE(",'privileges':" GRANTED("capabilities")), PLUGIN_SERVICE("") },
        { 0 },
};

static const struct door privileged_doors[] = {
        { "Privileged", CREATE, HC("'Privileged':true") },
        { "exec", EXEC, "{'Privileged':true}" },
        { "start", START, .tales = { T1_IS("'Privileged':true") } },
        { "restart", RESTART, .tales = { T1_IS("'Privileged':true") } },
        { "exec where it is", EXEC, .tales = { T1_IS("'Privileged':true") } },
        { "copy into what is", BARE, .target = "/containers/t1/archive?path=/srv", .plain = "/containers/t1/archive?path=/srv", .method = "PUT",
          .tales = { T1_IS("'Privileged':true") } },
        { 0 },
};

static const struct door namespace_doors[] = {
        { "HostConfig", CREATE, HC("'$1':'host'") },
        { "start", START, .tales = { T1_IS("'$1':'host'") } },
        { "restart", RESTART, .tales = { T1_IS("'$1':'host'") } },
        { "exec", EXEC, .tales = { T1_IS("'$1':'host'") } },
        { 0 },
};

static const struct door network_doors[] = {
        { "NetworkMode", CREATE, HC("'NetworkMode':'host'") },
        { "service TaskTemplate.Networks", SERVICE, TASK("'Networks':[{'Target':'host'}]") },
        { "service Networks", SERVICE, "{'Networks':[{'Target':'host'}]}" },
        { "service Networks by id", SERVICE, TASK("'Networks':[{'Target':'abcdef'}]"), TASK("'Networks':[{'Target':'abcdef'}]"),
          .tales = { { "network", "abcdef", "{'Name':'host','Driver':'host'}", "{'Name':'a','Driver':'overlay'}" } } },
        { "build", BUILD, .target = "&networkmode=host" },
        { 0 },
};

static const struct door bridge_doors[] = {
        { "EndpointsConfig", CREATE, "{'NetworkingConfig':{'EndpointsConfig':{'$':{}}}}" },
        { "under another name", CREATE, "{'NetworkingConfig':{'EndpointsConfig':{'x':{'NetworkID':'$'}}}}", "{'NetworkingConfig':{'EndpointsConfig':{'x':{}}}}" },
        { "connect", CONNECT, .target = "/networks/$/connect", .plain = "/networks/app-net/connect" },
        { "connect under another name", CONNECT, "{'EndpointConfig':{'NetworkID':'$'}}" },
        { 0 },
};

#define FURTHER "'IPAMConfig':{'LinkLocalIPs':['$']}"
static const struct door further_doors[] = {
        { "EndpointsConfig", CREATE, "{'NetworkingConfig':{'EndpointsConfig':{'app-net':{" FURTHER "}}}}" },
        { "connect", CONNECT, "{'EndpointConfig':{" FURTHER "}}" },
        { 0 },
};

static const struct door metadata_doors[] = {
        { "gateway", NETWORK, "{'IPAM':{'Config':[{'Gateway':'$'}]}}" },
        { "kept back", NETWORK, "{'IPAM':{'Config':[{'AuxiliaryAddresses':{'a':'$'}}]}}" },
        { 0 },
};

static const struct door subnet_doors[] = {
        { "network", NETWORK, "{'IPAM':{'Config':[{'Subnet':'$'}]}}" },
        { "range", NETWORK, "{'IPAM':{'Config':[{'IPRange':'$'}]}}" },
        { "swarm init", SWARM_INIT, "{'DefaultAddrPool':['$']}" },
        { 0 },
};

static const struct door device_driver_doors[] = {
        { "DeviceRequests", CREATE, HC("'DeviceRequests':[{'Driver':'cdi','DeviceIDs':['$']}]") },
        { "service resources", SERVICE, TASK("'Resources':{'Reservations':{'GenericResources':[{'NamedResourceSpec':{'Kind':'$','Value':'0'}}]}}") },
        { "service amounts", SERVICE, TASK("'Resources':{'Reservations':{'GenericResources':[{'DiscreteResourceSpec':{'Kind':'$','Value':1}}]}}") },
        { 0 },
};

static const struct door stop_doors[] = {
        { "StopTimeout", CREATE, "{'StopTimeout':$1}" },
        { "service StopGracePeriod", SERVICE, SPEC("'StopGracePeriod':$2") },
        { 0 },
};

static const struct door join_doors[] = {
        { "HostConfig", CREATE, HC("'$1':'container:t2'"), .tales = { { "container", "t2", "{'Id':'bb','HostConfig':{$2}}", NULL } } },
        { "start", START, .tales = { T1_IS("'$1':'container:t2'"), { "container", "t2", "{'Id':'bb','HostConfig':{$2}}", NULL } } },
        { "restart", RESTART, .tales = { T1_IS("'$1':'container:t2'"), { "container", "t2", "{'Id':'bb','HostConfig':{$2}}", NULL } } },
        { 0 },
};

static const struct door user_doors[] = {
        { "User", CREATE, "{'User':'$'}" },
        { "service User", SERVICE, SPEC("'User':'$'") },
        { "exec", EXEC, "{'User':'$'}" },
        { "exec as the container", EXEC, "{'User':''}", .tales = { { "container", "t1",
                "{'Id':'aa','Name':'/t1','HostConfig':{},'Config':{'User':'$'}}", "{'Id':'aa','Name':'/t1','HostConfig':{},'Config':{'User':'10001'}}" } } },
        { "commit", COMMIT, "{'User':'$'}" },
        { "commit with an instruction", COMMIT, .target = "&changes=USER $" },
        { "import with an instruction", IMPORT, .target = "&changes=USER $" },
        { 0 },
};

static const struct door group_doors[] = {
        { "GroupAdd", CREATE, HC("'GroupAdd':['$']") },
        { "service Groups", SERVICE, SPEC("'Groups':['$']") },
        { 0 },
};

static const struct door user_group_doors[] = {
        { "User", CREATE, "{'User':'10001:$'}" },
        { "service User", SERVICE, SPEC("'User':'10001:$'") },
        { 0 },
};

#define ADDED_OPTIONS "size=1m,noexec,nosuid,nodev,$"
#define SAFE_OPTIONS  "size=1m,noexec,nosuid,nodev"
#define TMPFS_VOLUME(o) "'type':'tmpfs','device':'tmpfs','o':'" o "'"
#define TMPFS_NAMED { "volume", "v", "{'Name':'v','Driver':'local','Options':{" TMPFS_VOLUME(ADDED_OPTIONS) "}}", \
                      "{'Name':'v','Driver':'local','Options':{" TMPFS_VOLUME(SAFE_OPTIONS) "}}" }
static const struct door tmpfs_option_doors[] = {
        { "Tmpfs", CREATE, HC("'Tmpfs':{'/x':'" ADDED_OPTIONS "'}"), HC("'Tmpfs':{'/x':'" SAFE_OPTIONS "'}") },
        { "Mounts", CREATE, MOUNTS("'Type':'tmpfs','TmpfsOptions':{'SizeBytes':1,'Options':[['$']]}"), MOUNTS("'Type':'tmpfs','TmpfsOptions':{'SizeBytes':1}") },
        { "service Mounts", SERVICE, SMOUNTS("'Type':'tmpfs','TmpfsOptions':{'SizeBytes':1,'Options':[['$']]}"),
          SMOUNTS("'Type':'tmpfs','TmpfsOptions':{'SizeBytes':1}") },
        { "VolumeOptions", CREATE, MOUNTS(LOCAL(TMPFS_VOLUME(ADDED_OPTIONS))), MOUNTS(LOCAL(TMPFS_VOLUME(SAFE_OPTIONS))) },
        { "service VolumeOptions", SERVICE, SMOUNTS(LOCAL(TMPFS_VOLUME(ADDED_OPTIONS))), SMOUNTS(LOCAL(TMPFS_VOLUME(SAFE_OPTIONS))) },
        { "volume", VOLUME, "{'DriverOpts':{" TMPFS_VOLUME(ADDED_OPTIONS) "}}", "{'DriverOpts':{" TMPFS_VOLUME(SAFE_OPTIONS) "}}" },
        { "Binds of a named volume", CREATE, HC("'Binds':['v:/x']"), HC("'Binds':['v:/x']"), .tales = { TMPFS_NAMED } },
        { "service Mounts of a named volume", SERVICE, SMOUNTS("'Type':'volume','Source':'v'"), SMOUNTS("'Type':'volume','Source':'v'"), .tales = { TMPFS_NAMED } },
        { "VolumesFrom of a named volume", CREATE, HC("'VolumesFrom':['t1']"), HC("'VolumesFrom':['t1']"), .tales = { T1_HAS_V, TMPFS_NAMED } },
        { "start", START, .tales = { { "container", "t1", "{'Id':'aa','HostConfig':{'Tmpfs':{'/x':'" ADDED_OPTIONS "'}},'Config':{}}",
                                       "{'Id':'aa','HostConfig':{'Tmpfs':{'/x':'" SAFE_OPTIONS "'}},'Config':{}}" } } },
        { "start of a named volume", START, .tales = { T1_HAS_V, TMPFS_NAMED } },
        { 0 },
};

static const struct door tmpfs_target_doors[] = {
        { "Tmpfs", CREATE, HC("'Tmpfs':{'$':'size=1m'}"), HC("'Tmpfs':{'/x':'size=1m'}") },
        { "Mounts", CREATE, HC("'Mounts':[{'Type':'tmpfs','Target':'$','TmpfsOptions':{'SizeBytes':1}}]"), MOUNTS("'Type':'tmpfs','TmpfsOptions':{'SizeBytes':1}") },
        { "service Mounts", SERVICE, SPEC("'Mounts':[{'Type':'tmpfs','Target':'$','TmpfsOptions':{'SizeBytes':1}}]"),
          SMOUNTS("'Type':'tmpfs','TmpfsOptions':{'SizeBytes':1}") },
        { "VolumeOptions", CREATE, HC("'Mounts':[{'Target':'$'," LOCAL(TMPFS_VOLUME(SAFE_OPTIONS)) "}]"), MOUNTS(LOCAL(TMPFS_VOLUME(SAFE_OPTIONS))) },
        { "service VolumeOptions", SERVICE, SPEC("'Mounts':[{'Target':'$'," LOCAL(TMPFS_VOLUME(SAFE_OPTIONS)) "}]"), SMOUNTS(LOCAL(TMPFS_VOLUME(SAFE_OPTIONS))) },
        { "Binds of a named volume", CREATE, HC("'Binds':['v:$']"), HC("'Binds':['v:/x']"), .tales = { NAMED(TMPFS_VOLUME(SAFE_OPTIONS)) } },
        { "start", START, .tales = { { "container", "t1", "{'Id':'aa','HostConfig':{'Tmpfs':{'$':'size=1m'}},'Config':{}}",
                                       "{'Id':'aa','HostConfig':{'Tmpfs':{'/x':'size=1m'}},'Config':{}}" } } },
        { "start of Mounts", START, .tales = { { "container", "t1",
                "{'Id':'aa','HostConfig':{'Mounts':[{'Type':'tmpfs','Target':'$'}]},'Config':{},'Mounts':[{'Type':'tmpfs','Destination':'$','RW':true}]}",
                "{'Id':'aa','HostConfig':{'Mounts':[{'Type':'tmpfs','Target':'/x'}]},'Config':{},'Mounts':[{'Type':'tmpfs','Destination':'/x','RW':true}]}" } } },
        { 0 },
};

static const struct door security_doors[] = {
        { "SecurityOpt", CREATE, HC("'SecurityOpt':['$1']") },
        { "service Privileges", SERVICE, SPEC("'Privileges':{$2}") },
        { 0 },
};

static const struct door workload_doors[] = {
        { "container", CREATE, "{$1}" },
        { "service", SERVICE, "{$2}" },
        { 0 },
};

static const struct door restart_doors[] = {
        { "RestartPolicy", CREATE, HC("'RestartPolicy':{'Name':'$1'}") },
        { "service RestartPolicy", SERVICE, TASK("'RestartPolicy':{'Condition':'$2'}") },
        { "update", UPDATE, "{'RestartPolicy':{'Name':'$1'}}" },
        { 0 },
};

static const struct door pids_doors[] = {
        { "PidsLimit", CREATE, HC("'PidsLimit':$") },
        { "service Pids", SERVICE, TASK("'Resources':{'Limits':{'Pids':$}}") },
        { "update", UPDATE, "{'PidsLimit':$}" },
        { 0 },
};

static const struct door ulimit_doors[] = {
        { "Ulimits", CREATE, HC("'Ulimits':[$]") },
        { "service Ulimits", SERVICE, SPEC("'Ulimits':[$]") },
        { "build", BUILD, .target = "&ulimits=[$]" },
        { 0 },
};

static const struct door parent_doors[] = {
        { "CgroupParent", CREATE, HC("'CgroupParent':'$'") },
        { "build", BUILD, .target = "&cgroupparent=$" },
        { 0 },
};

static const struct door gateway_doors[] = {
        { "ExtraHosts", CREATE, HC("'ExtraHosts':['$:host-gateway']") },
        { "service Hosts", SERVICE, SPEC("'Hosts':['host-gateway $']") },
        { "build", BUILD, .target = "&extrahosts=$:host-gateway" },
        { 0 },
};

static const struct door port_doors[] = {
        { "PortBindings", CREATE, HC("'PortBindings':{'$1/$2':[{'HostIp':'','HostPort':'$1'}]}") },
        { "service Ports", SERVICE, "{'EndpointSpec':{'Ports':[{'Protocol':'$2','TargetPort':$1,'PublishedPort':$1,'PublishMode':'ingress'}]}}" },
        { "service Ports of hosts", SERVICE, "{'EndpointSpec':{'Ports':[{'Protocol':'$2','TargetPort':$1,'PublishedPort':$1,'PublishMode':'host'}]}}" },
        { 0 },
};

static const struct door listen_doors[] = {
        { "swarm init", SWARM_INIT, "{'ListenAddr':'$'}" },
        { "swarm join", SWARM_JOIN, "{'ListenAddr':'$'}" },
        { 0 },
};

static const struct door program_doors[] = {
        { "Cmd", CREATE, "{'Cmd':['$','-D']}" },
        { "Entrypoint", CREATE, "{'Entrypoint':['$','-D']}" },
        { "service Command", SERVICE, SPEC("'Command':['$','-D']") },
        { "service Args", SERVICE, SPEC("'Args':['$','-D']") },
        { "exec", EXEC, "{'!Cmd':['$','-D']}" },
        { 0 },
};

static const struct door command_folder_doors[] = {
        { "exec", EXEC, "{'WorkingDir':'$'}" },
        { 0 },
};

static const struct door folder_doors[] = {
        { "WorkingDir", CREATE, "{'WorkingDir':'$'}" },
        { "service Dir", SERVICE, SPEC("'Dir':'$'") },
        { "exec", EXEC, "{'WorkingDir':'$'}" },
        { "image", CREATE, NULL, .tales = { { "image", PINNED, "{'Id':'sha256:aa','Config':{'WorkingDir':'$'}}", "{'Id':'sha256:aa','Config':{'WorkingDir':'/'}}" } } },
        { "commit", COMMIT, "{'WorkingDir':'$'}" },
        { "commit with an instruction", COMMIT, .target = "&changes=WORKDIR $" },
        { "import with an instruction", IMPORT, .target = "&changes=WORKDIR $" },
        { 0 },
};

/* -- what is told -- */

static const struct door variable_doors[] = {
        { "Env", CREATE, "{'Env':['$1=$2']}" },
        { "service Env", SERVICE, SPEC("'Env':['$1=$2']") },
        { "exec", EXEC, "{'Env':['$1=$2']}" },
        { "commit", COMMIT, "{'Env':['$1=$2']}" },
        { "commit with an instruction", COMMIT, .target = "&changes=ENV $1=$2" },
        { "commit with an old instruction", COMMIT, .target = "&changes=env $1 $2" },
        { "import with an instruction", IMPORT, .target = "&changes=ENV $1=$2" },
        { "plugin set", PLUGIN_SET, "['$1=$2']" },
        { "service plugin", SERVICE, PLUGIN_SERVICE(",'env':['$1=$2']"), PLUGIN_SERVICE("") },
        { "build", BUILD, .target = "&buildargs={'$1':'$2'}" },
        { "image", CREATE, NULL, .tales = { { "image", PINNED, "{'Id':'sha256:aa','Config':{'Env':['$1=$2']}}", "{'Id':'sha256:aa','Config':{}}" } } },
        { 0 },
};

static const struct door text_doors[] = {
        { "Labels", CREATE, "{'Labels':{'a':'$'}}" },
        { "Env", CREATE, "{'Env':['A=$']}" },
        { "Cmd", CREATE, "{'Cmd':['/app','$']}" },
        { "Entrypoint", CREATE, "{'Entrypoint':['/app','$']}" },
        { "Healthcheck", CREATE, "{'Healthcheck':{'Test':['$']}}" },
        { "service Labels", SERVICE, "{'Labels':{'a':'$'}}" },
        { "service container Labels", SERVICE, SPEC("'Labels':{'a':'$'}") },
        { "service Env", SERVICE, SPEC("'Env':['A=$']") },
        { "service Command", SERVICE, SPEC("'Command':['/app','$']") },
        { "service Args", SERVICE, SPEC("'Args':['$']") },
        { "exec Cmd", EXEC, "{'Cmd':['$']}" },
        { "exec Env", EXEC, "{'Env':['A=$']}" },
        { "commit Labels", COMMIT, "{'Labels':{'a':'$'}}" },
        { "commit with an instruction", COMMIT, .target = "&changes=LABEL a=$" },
        { "import with an instruction", IMPORT, .target = "&changes=LABEL a=$" },
        { "import from an address", PULL, .target = "/images/create?fromSrc=https://192.0.2.9/$&repo=r.example/a",
          .plain = "/images/create?fromSrc=https://192.0.2.9/&repo=r.example/a" },
        { "volume Labels", VOLUME, "{'Labels':{'a':'$'}}" },
        { "volume DriverOpts", VOLUME, "{'Driver':'evil','DriverOpts':{'a':'$'}}", "{'Driver':'evil','DriverOpts':{'a':'b'}}" },
        { "VolumeOptions", CREATE, MOUNTS("'Type':'volume','Source':'v','VolumeOptions':{'DriverConfig':{'Name':'evil','Options':{'a':'$'}}}"),
          MOUNTS("'Type':'volume','Source':'v','VolumeOptions':{'DriverConfig':{'Name':'evil','Options':{'a':'b'}}}") },
        { "VolumeOptions Labels", CREATE, MOUNTS("'Type':'volume','Source':'v','VolumeOptions':{'Labels':{'a':'$'}}"),
          MOUNTS("'Type':'volume','Source':'v','VolumeOptions':{'Labels':{'a':'b'}}") },
        { "service VolumeOptions", SERVICE, SMOUNTS("'Type':'volume','Source':'v','VolumeOptions':{'DriverConfig':{'Name':'evil','Options':{'a':'$'}}}"),
          SMOUNTS("'Type':'volume','Source':'v','VolumeOptions':{'DriverConfig':{'Name':'evil','Options':{'a':'b'}}}") },
        { "service VolumeOptions Labels", SERVICE, SMOUNTS("'Type':'volume','Source':'v','VolumeOptions':{'Labels':{'a':'$'}}"),
          SMOUNTS("'Type':'volume','Source':'v','VolumeOptions':{'Labels':{'a':'b'}}") },
        { "Annotations", CREATE, HC("'Annotations':{'a':'$'}"), HC("'Annotations':{'a':'b'}") },
        { "LogConfig", CREATE, HC("'LogConfig':{'Config':{'env':'$'}}"), HC("'LogConfig':{'Config':{'env':'b'}}") },
        { "service LogDriver", SERVICE, TASK("'LogDriver':{'Options':{'env':'$'}}"), TASK("'LogDriver':{'Options':{'env':'b'}}") },
        { "Shell", CREATE, "{'Shell':['$']}", "{'Shell':['b']}" },
        { "commit OnBuild", COMMIT, "{'OnBuild':['ENV A=$']}" },
        { "commit with an instruction for others", COMMIT, .target = "&changes=ONBUILD ENV A=$" },
        { "endpoint", CREATE, "{'NetworkingConfig':{'EndpointsConfig':{'app-net':{'DriverOpts':{'a':'$'}}}}}" },
        { "connect", CONNECT, "{'EndpointConfig':{'DriverOpts':{'a':'$'}}}" },
        { "network's addresses", NETWORK, "{'IPAM':{'Options':{'a':'$'}}}" },
        { "secret Driver", SECRET, "{'Driver':{'Name':'evil','Options':{'a':'$'}}}", "{'Driver':{'Name':'evil'}}" },
        { "secret Templating", SECRET, "{'Templating':{'Name':'golang','Options':{'a':'$'}}}", "{'Templating':{'Name':'golang'}}" },
        { "network Labels", NETWORK, "{'Labels':{'a':'$'}}" },
        { "network Options", NETWORK, "{'Options':{'a':'$'}}" },
        { "swarm init Labels", SWARM_INIT, "{'Spec':{'Labels':{'a':'$'}}}" },
        { "swarm Labels", SWARM_UPDATE, "{'Labels':{'a':'$'}}" },
        { "node Labels", NODE, "{'Labels':{'a':'$'}}" },
        { "secret Labels", SECRET, "{'Labels':{'a':'$'}}" },
        { "config Labels", CONFIG, "{'Labels':{'a':'$'}}" },
        { "build labels", BUILD, .target = "&labels={'a':'$'}" },
        { "build arguments", BUILD, .target = "&buildargs={'A':'$'}" },
        { "plugin set", PLUGIN_SET, "['A=$']", "['A=b']" },
        { "service plugin", SERVICE, PLUGIN_SERVICE(",'env':['A=$']"), PLUGIN_SERVICE(",'env':['A=b']") },
        { 0 },
};

const struct effect effects[] = {
        { "a folder of the host, writable",
          { "/etc", "/srv/x", "/", "/run", "/var/run/docker.sock", "/etc/docksill", "/proc/1/root", "/var/spool/cron", "/home/ann/.ssh", "/run/tmux",
            "/run/fail2ban", "/var/log", "/tmp", "/opt/app", "/etc/localtime", "/data/docker", "/run/app" },
          bind_doors },
        { "a folder of the host, read-only",
          { "/etc", "/srv/x", "/", "/run", "/var/run/docker.sock", "/etc/docksill", "/proc/1/root", "/var/spool/cron", "/home/ann/.ssh", "/run/tmux",
            "/run/fail2ban", "/var/log", "/tmp", "/run/app" },
          read_only_doors },
        { "mounts that go through to the host", { "shared", "rshared", "slave", "rslave" }, propagation_doors },
        { "another file system as a volume",
          { "ext4|/dev/sda1|", "xfs|/dev/mapper/x|ro", "nfs|:/export|addr=192.0.2.1", "nfs|:/x|addr=192.0.2.1,addr=169.254.169.254",
            "nfs|:/x|addr=192.0.2.1,mountaddr=127.0.0.1", "nfs|:/x|addr=0x7f000001", "ceph|192.0.2.1:6789,169.254.169.254:80:/|name=a", "9p|src|", "overlay|overlay|lowerdir=/,upperdir=/srv/u,workdir=/srv/w",
            "cifs|//192.0.2.1/s|ro", "proc|proc|", "devtmpfs|dev|" },
          filesystem_doors },
        { "a folder of the host for checkpoints", { "/etc", "/srv/x" }, checkpoint_doors },
        { "a driver of somebody's", { "evil", "evil:latest", "local:latest", "../x", "a/../../x", "b4defc7ca9c2" }, driver_doors },
        { "logs that go somewhere",
          { "syslog|{'syslog-address':'unix:///run/x.sock'}", "syslog|{'syslog-address':'tcp://127.0.0.1:6379'}", "gelf|{'gelf-address':'udp://169.254.169.254:80'}",
            "gelf|{'gelf-address':'udp://192.0.2.7:12201'}", "fluentd|{}", "awslogs|{'awslogs-region':'x@192.0.2.9:1/'}",
            "splunk|{'splunk-url':'https://192.0.2.7','splunk-capath':'/etc/shadow'}", "json-file|{}", "none|{}", "local|{'gelf-address':'x'}",
            "local|{'tag':'{{pad `x` 9 0}}'}", "syslog|{'tag':'a\\nb'}", "evil|{'a':'b'}", "../x|{}", "|{'syslog-address':'unix:///run/x.sock'}" },
          log_doors },
        { "an image", { "evil.example/x:1.0", "evil.example/x", "evil.example/x:latest", "evil.example/x@" DIGEST, "nginx", "nginx:1.27", "quay.io/a/b:2" }, image_doors },
        { "what dockerd fetches from the host's cloud", { "169.254.169.254", "169.254.169.254:80", "100.100.100.200", "metadata.google.internal" },
          fetch_doors },
        { "what dockerd fetches from the host", { "127.0.0.1:5000", "localhost:5000", "0.0.0.0:80" }, fetch_doors },
        { "an image that gets a trusted name", { "nginx", "docker.io/library/nginx" }, name_doors },
        { "a setting of the kernel",
          { "kernel.msgmax|1", "kernel.core_pattern|x", "net.ipv4.conf.all.route_localnet|1", "net.ipv4.conf.IFNAME.route_localnet|1", "fs.mqueue.msg_max|1",
            "net/ipv4/ip_forward|1" },
          sysctl_doors },
        { "a device", { "/dev/sda", "/dev/mem", "/dev/fuse", "/dev/ttyUSB0", "/dev", "/dev/dri" }, device_doors },
        { "a file of the host that dockerd looks at", { "/etc/shadow", "/srv/x", "/dev/../etc/shadow" }, block_limit_doors },
        { "a capability", { "SYS_ADMIN", "cap_sys_admin", "CAP_SYS_ADMIN", "ALL", "NET_ADMIN", "NET_RAW", "SYS_CHROOT", "IPC_LOCK" }, capability_doors },
        { "all that root may", { "" }, privileged_doors },
        { "a namespace of the host", { "PidMode", "IpcMode", "UsernsMode", "NetworkMode" }, namespace_doors },
        { "the network of the host", { "" }, network_doors },
        { "a network that all stand in", { "bridge", "default" }, bridge_doors },
        { "an address that others answer at", { "169.254.169.254", "192.0.2.9", "fd00:ec2::254" }, further_doors },
        { "an address that means something else", { "169.254.169.254", "100.100.100.200", "fd00:ec2::254", "127.0.0.1" }, metadata_doors },
        { "addresses that mean something else", { "169.254.0.0/16", "127.0.0.0/8", "8.8.8.0/24", "x" }, subnet_doors },
        { "a device of a driver", { "vendor.example/class=0", "gpu" }, device_driver_doors },
        { "an end that is waited for without end", { "-1|-1000000000" }, stop_doors },
        { "a namespace of another container",
          { "PidMode|", "IpcMode|", "NetworkMode|", "PidMode|'Privileged':true", "PidMode|'CapAdd':['SYS_ADMIN']", "NetworkMode|'NetworkMode':'host'" },
          join_doors },
        { "root as the user", { "root", "0", "0:0", "+0" }, user_doors },
        { "a group of the host", { "docker", "0", "disk", "+0" }, group_doors },
        { "root as the user's group", { "0", "root" }, user_group_doors },
        { "an option of a tmpfs", { "remount", "bind", "rbind", "move", "shared", "noswap", "Remount", "exec", "size=0" }, tmpfs_option_doors },
        { "a tmpfs over the kernel's files", { "/sys", "/sys/", "/proc/acpi", "//x/..//proc/./net", "/dev", "/dev/pts", "/sys/fs/cgroup" }, tmpfs_target_doors },
        { "less confinement",
          { "seccomp=unconfined|'Seccomp':{'Mode':'unconfined'}", "seccomp:unconfined|'Seccomp':{'Mode':'unconfined'}",
            "seccomp={`defaultAction`:`SCMP_ACT_ALLOW`}|'Seccomp':{'Mode':'custom','Profile':'eyJkZWZhdWx0QWN0aW9uIjoiU0NNUF9BQ1RfQUxMT1cifQ=='}",
            "apparmor=unconfined|'AppArmor':{'Mode':'disabled'}", "label=disable|'SELinuxContext':{'Disable':true}",
            "label=type:spc_t|'SELinuxContext':{'Type':'spc_t'}", "label:level:s0|'SELinuxContext':{'Level':'s0'}",
            "no-new-privileges=false|'NoNewPrivileges':false" },
          security_doors },
        { "a hardening less",
          { "'HostConfig':{'ReadonlyRootfs':false}|'TaskTemplate':{'ContainerSpec':{'ReadOnly':false}}",
            "'HostConfig':{'Memory':0}|'TaskTemplate':{'Resources':{'Limits':{'MemoryBytes':0}}}",
            "'HostConfig':{'NanoCpus':null}|'TaskTemplate':{'Resources':{'Limits':{'NanoCPUs':null}}}",
            "'HostConfig':{'!CapDrop':[]}|'TaskTemplate':{'ContainerSpec':{'!CapabilityDrop':[]}}",
            "'HostConfig':{'!Ulimits':[]}|'TaskTemplate':{'ContainerSpec':{'!Ulimits':null}}",
            "'HostConfig':{'!SecurityOpt':null}|'TaskTemplate':{'ContainerSpec':{'!Privileges':null}}",
            "'Healthcheck':{'!Test':['NONE']}|'TaskTemplate':{'ContainerSpec':{'Healthcheck':{'!Test':['NONE']}}}",
            "'!Healthcheck':null|'TaskTemplate':{'ContainerSpec':{'!Healthcheck':{}}}", "'User':''|'TaskTemplate':{'ContainerSpec':{'User':null}}",
            "'HostConfig':{'OomScoreAdj':-500}|'TaskTemplate':{'ContainerSpec':{'OomScoreAdj':-500}}",
            "'HostConfig':{'MemorySwap':-1}|'TaskTemplate':{'Resources':{'SwapBytes':-1}}" },
          workload_doors },
        { "a restart without end", { "always|any", "on-failure|on-failure" }, restart_doors },
        { "processes without end", { "0", "-1" }, pids_doors },
        { "a limit that is none", { "{'Name':'memlock','Soft':-1,'Hard':-1}", "{'Name':'nofile','Soft':1024,'Hard':9999999}" }, ulimit_doors },
        { "a control group of the host's", { "/system.slice", "docker" }, parent_doors },
        { "a name for the host", { "host.docker.internal", "a" }, gateway_doors },
        { "a port for everybody", { "5432|tcp", "22|tcp", "8080|tcp", "8080|udp", "2375|tcp" }, port_doors },
        { "a cluster that everybody reaches", { "0.0.0.0:2377", "[::]:2377", "tcp://0.0.0.0", "", ":2377" }, listen_doors },
        { "a server for terminals", { "/usr/sbin/sshd", "sshd", "dropbear" }, program_doors },
        { "a folder to start in that leads out", { "/proc/self/fd/7", "/x/..//proc/./self/cwd", "/dev/fd/9" }, folder_doors },
        { "a folder to start in that leads out and up", { "/proc/self/fd/7/../../..", "/proc/self/cwd/.." }, command_folder_doors },
        { "a variable",
          { "DB_PASSWORD|x", "DSN|postgres://u:hunter2@db/x", "DOCKER_HOST|tcp://192.0.2.7:2375", "NODE_TLS_REJECT_UNAUTHORIZED|0", "AWS_SECRET_ACCESS_KEY|x" },
          variable_doors },
        { "a secret in a text", { "AKIAABCDEFGHIJKLMNOP", "postgres://u:hunter2@db/x" }, text_doors },
};
const size_t effects_n = ARRAY_SIZE(effects);
/* clang-format on */

const struct effect *effect_named(const char *name) {
        for (size_t i = 0; i < effects_n; ++i)
                if (strcmp(effects[i].name, name) == 0)
                        return &effects[i];
        fail_msg("no effect \"%s\"", name);
        return NULL;
}

const struct door *door_named(const struct effect *effect, const char *name) {
        for (const struct door *door = effect->doors; door->name; ++door)
                if (strcmp(door->name, name) == 0)
                        return door;
        fail_msg("%s has no door \"%s\"", effect->name, name);
        return NULL;
}
