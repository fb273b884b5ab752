/*
 * The routes of moby's routers, as 20.10 to 29 register them, in the order in which its mux tries them: the first that
 * matches wins. The checkpoint router stands before the container router there too, or DELETE
 * /containers/{name:.*} would swallow its paths.
 */
#include "docksill/engine/operation.h"
#include "docksill/engine/facts.h"
#include "read/build.h"
#include "read/checkpoint.h"
#include "read/commit.h"
#include "read/copy.h"
#include "read/create.h"
#include "read/exec.h"
#include "read/network.h"
#include "read/plugin.h"
#include "read/service.h"
#include "read/swarm-data.h"
#include "read/swarm.h"
#include "read/top.h"
#include "read/transfer.h"
#include "read/update.h"
#include "read/volume.h"
#include <assert.h>

/* Judged by its target alone. */
#define READ      (OPERATION_READ | OPERATION_JUDGED)
#define LIFECYCLE (OPERATION_LIFECYCLE | OPERATION_JUDGED)
#define DEBUG     (OPERATION_ANY_METHOD | OPERATION_JUDGED)
#define IDLE      OPERATION_FORM_IDLE

#define CONTENT OPERATION_CONTENT
#define IMAGES  OPERATION_CHANGES_IMAGES
#define VOLUMES OPERATION_CHANGES_VOLUMES

#define YIELDS_WORKLOAD                                                                                                \
        (GROUP_WORKLOAD | GROUP_SANDBOX | GROUP_MOUNTS | GROUP_VARIABLES | GROUP_TEXTS | GROUP_IMAGE | GROUP_LOGS |    \
         GROUP_DRIVERS | GROUP_SYSCTLS | GROUP_NETWORKS | GROUP_HISTORY | GROUP_ATTESTED)
#define YIELDS_SERVICE (YIELDS_WORKLOAD | GROUP_SERVICE | GROUP_PLUGIN | GROUP_FETCHES)
#define YIELDS_CREATE  (YIELDS_WORKLOAD | GROUP_CONTAINER | GROUP_LIMITS | GROUP_REACHED)
/* A container that exists: what is done to it, and what it has that whoever gets in gets too. */
#define YIELDS_ENTRY  (GROUP_TARGET | GROUP_REACHED)
#define YIELDS_EXEC   (GROUP_EXEC | GROUP_VARIABLES | GROUP_TEXTS | YIELDS_ENTRY)
#define YIELDS_COMMIT (GROUP_COMMIT | GROUP_NAMES | GROUP_VARIABLES | GROUP_TEXTS | YIELDS_ENTRY)
/* dockerd follows the sources of binds anew at every start; and for each copy, of a container that never ran as
 * well. */
#define YIELDS_START  (GROUP_CHECKPOINT | YIELDS_ENTRY | GROUP_MOUNTS)
#define YIELDS_BUILD  (GROUP_BUILD | GROUP_NAMES | GROUP_FETCHES | GROUP_SANDBOX | GROUP_VARIABLES | GROUP_TEXTS)
#define YIELDS_VOLUME (GROUP_VOLUME | GROUP_MOUNTS | GROUP_TEXTS)
/* An import may be given instructions, as a commit is. */
#define YIELDS_PULL (GROUP_IMAGE | GROUP_NAMES | GROUP_FETCHES | GROUP_VARIABLES | GROUP_TEXTS)
/* The log driver of each task that names none. */
#define YIELDS_SWARM    (GROUP_SWARM | GROUP_TEXTS | GROUP_LOGS | GROUP_DRIVERS)
#define YIELDS_INSTALL  (GROUP_PLUGIN | GROUP_IMAGE | GROUP_FETCHES | GROUP_MOUNTS)
#define YIELDS_SETTINGS (GROUP_PLUGIN | GROUP_MOUNTS | GROUP_VARIABLES | GROUP_TEXTS)

#define ASKS_OF_ENTRY   (ASKS_CONTAINER | ASKS_REACHED)
#define ASKS_OF_CREATE  (ASKS_PEERS | ASKS_REACHED | ASKS_IMAGE | ASKS_IMAGE_RUN | ASKS_VOLUMES | ASKS_DRIVERS)
#define ASKS_OF_SERVICE (ASKS_IMAGE | ASKS_IMAGE_PULLED | ASKS_NETWORKS | ASKS_VOLUMES | ASKS_DRIVERS)

/* clang-format off */
const struct operation operation_table[] = {
#define ROUTER "moby daemon/server/router/checkpoint"
        { .id = STR("container.checkpoint-list"), .method = "GET", .path = "/containers/{name*}/checkpoints",
          .body = BODY_NONE, .flags = READ, .yields = GROUP_CHECKPOINT, .read = checkpoint_list_decode,
          .doc = "list checkpoints, of any host folder with ?dir=", .source = ROUTER },
        { .id = STR("container.checkpoint-create"), .method = "POST", .path = "/containers/{name*}/checkpoints",
          .body = BODY_REQUIRED, .flags = OPERATION_JUDGED, .yields = GROUP_CHECKPOINT,
          .read = checkpoint_create_decode, .doc = "write a checkpoint, into any host folder", .source = ROUTER },
        { .id = STR("container.checkpoint-delete"), .method = "DELETE",
          .path = "/containers/{name}/checkpoints/{checkpoint}", .body = BODY_NONE, .flags = OPERATION_JUDGED,
          .yields = GROUP_CHECKPOINT, .read = checkpoint_delete_decode,
          .doc = "remove a checkpoint, or any host folder with ?dir=", .source = ROUTER },
#undef ROUTER

#define ROUTER "moby daemon/server/router/container"
        { .id = STR("container.archive-head"), .method = "HEAD", .path = "/containers/{name*}/archive",
          .body = BODY_NONE, .flags = READ | CONTENT, .yields = GROUP_COPY, .read = archive_decode,
          .doc = "stat a file in a container", .source = ROUTER },
        { .id = STR("container.list"), .method = "GET", .path = "/containers/json", .body = BODY_NONE, .flags = READ,
          .doc = "list containers", .source = ROUTER },
        { .id = STR("container.export"), .method = "GET", .path = "/containers/{name*}/export", .body = BODY_NONE,
          .flags = READ | CONTENT, .yields = YIELDS_ENTRY, .asks = ASKS_REACHED, .doc = "the file system as a tar", .source = ROUTER },
        { .id = STR("container.changes"), .method = "GET", .path = "/containers/{name*}/changes", .body = BODY_NONE,
          .flags = READ | CONTENT, .doc = "what changed in the file system", .source = ROUTER },
        { .id = STR("container.inspect"), .method = "GET", .path = "/containers/{name*}/json", .body = BODY_NONE,
          .flags = READ, .doc = "inspect a container", .source = ROUTER },
        { .id = STR("container.top"), .method = "GET", .path = "/containers/{name*}/top", .body = BODY_NONE,
          .flags = READ | CONTENT, .yields = GROUP_TOP, .read = top_decode, .doc = "its processes", .source = ROUTER },
        { .id = STR("container.logs"), .method = "GET", .path = "/containers/{name*}/logs", .body = BODY_NONE,
          .flags = READ | CONTENT, .doc = "its output", .source = ROUTER },
        { .id = STR("container.stats"), .method = "GET", .path = "/containers/{name*}/stats", .body = BODY_NONE,
          .flags = READ, .doc = "its resource usage", .source = ROUTER },
        { .id = STR("container.attach-websocket"), .method = "GET", .path = "/containers/{name*}/attach/ws",
          .body = BODY_NONE, .flags = LIFECYCLE, .yields = YIELDS_ENTRY,
          .asks = ASKS_OF_ENTRY, .doc = "attach to its streams by WebSocket", .source = ROUTER },
        { .id = STR("exec.inspect"), .method = "GET", .path = "/exec/{id*}/json", .body = BODY_NONE, .flags = READ,
          .doc = "inspect an exec", .source = ROUTER },
        { .id = STR("container.archive-get"), .method = "GET", .path = "/containers/{name*}/archive", .body = BODY_NONE,
          .flags = READ | CONTENT, .yields = GROUP_COPY | YIELDS_ENTRY, .read = archive_decode, .asks = ASKS_REACHED, .doc = "copy files out of a container",
          .source = ROUTER },
        { .id = STR("container.create"), .method = "POST", .path = "/containers/create", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED | OPERATION_NAMES, .yields = YIELDS_CREATE, .read = create_decode,
          .asks = ASKS_OF_CREATE, .doc = "create a container",
          .source = ROUTER },
        { .id = STR("container.kill"), .method = "POST", .path = "/containers/{name*}/kill", .body = BODY_NONE,
          .flags = LIFECYCLE | IDLE, .doc = "send a signal", .source = ROUTER },
        { .id = STR("container.pause"), .method = "POST", .path = "/containers/{name*}/pause", .body = BODY_NONE,
          .flags = LIFECYCLE | IDLE, .doc = "pause", .source = ROUTER },
        { .id = STR("container.unpause"), .method = "POST", .path = "/containers/{name*}/unpause", .body = BODY_NONE,
          .flags = LIFECYCLE | IDLE, .doc = "unpause", .source = ROUTER },
        { .id = STR("container.restart"), .method = "POST", .path = "/containers/{name*}/restart", .body = BODY_NONE,
          .flags = LIFECYCLE | IDLE, .yields = YIELDS_ENTRY | GROUP_MOUNTS,
          .asks = ASKS_OF_ENTRY | ASKS_STARTED, .doc = "restart", .source = ROUTER },
        { .id = STR("container.start"), .method = "POST", .path = "/containers/{name*}/start", .body = BODY_START,
          .flags = LIFECYCLE, .yields = YIELDS_START, .read = start_decode,
          .asks = ASKS_OF_ENTRY | ASKS_STARTED,
          .doc = "start, perhaps from a checkpoint; API < 1.24 obeys a HostConfig in the body", .source = ROUTER },
        { .id = STR("container.stop"), .method = "POST", .path = "/containers/{name*}/stop", .body = BODY_NONE,
          .flags = LIFECYCLE | IDLE, .doc = "stop", .source = ROUTER },
        { .id = STR("container.wait"), .method = "POST", .path = "/containers/{name*}/wait", .body = BODY_NONE,
          .flags = LIFECYCLE | IDLE, .doc = "wait for the end", .source = ROUTER },
        { .id = STR("container.resize"), .method = "POST", .path = "/containers/{name*}/resize", .body = BODY_NONE,
          .flags = LIFECYCLE | IDLE, .doc = "resize its terminal", .source = ROUTER },
        { .id = STR("container.attach"), .method = "POST", .path = "/containers/{name*}/attach", .body = BODY_NONE,
          .flags = LIFECYCLE | IDLE, .yields = YIELDS_ENTRY,
          .asks = ASKS_OF_ENTRY, .doc = "attach to its streams", .source = ROUTER },
        { .id = STR("container.copy"), .method = "POST", .path = "/containers/{name*}/copy", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED, .yields = GROUP_COPY | YIELDS_ENTRY, .read = copy_decode, .asks = ASKS_REACHED,
          .doc = "copy files out; API < 1.24", .source = ROUTER },
        { .id = STR("exec.create"), .method = "POST", .path = "/containers/{name*}/exec", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED, .yields = YIELDS_EXEC, .read = exec_create_decode,
          .asks = ASKS_OF_ENTRY, .doc = "make a command ready to run in a container", .source = ROUTER },
        { .id = STR("exec.start"), .method = "POST", .path = "/exec/{id*}/start", .body = BODY_OPTIONAL,
          .flags = LIFECYCLE, .yields = YIELDS_ENTRY, .read = exec_start_decode, .asks = ASKS_EXEC | ASKS_REACHED, .doc = "run it",
          .source = ROUTER },
        { .id = STR("exec.resize"), .method = "POST", .path = "/exec/{id*}/resize", .body = BODY_NONE,
          .flags = LIFECYCLE | IDLE, .doc = "resize its terminal", .source = ROUTER },
        { .id = STR("container.rename"), .method = "POST", .path = "/containers/{name*}/rename", .body = BODY_NONE,
          .flags = LIFECYCLE | OPERATION_NAMES, .doc = "rename", .source = ROUTER },
        { .id = STR("container.update"), .method = "POST", .path = "/containers/{name*}/update", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED, .yields = GROUP_UPDATE | GROUP_TARGET | GROUP_LIMITS, .read = update_decode,
          .asks = ASKS_CONTAINER, .doc = "change limits and the restart policy", .source = ROUTER },
        { .id = STR("container.prune"), .method = "POST", .path = "/containers/prune", .body = BODY_NONE,
          .flags = LIFECYCLE | IDLE | VOLUMES, .doc = "remove stopped containers", .source = ROUTER },
        { .id = STR("container.commit"), .method = "POST", .path = "/commit", .body = BODY_OPTIONAL,
          .flags = OPERATION_JUDGED | IMAGES, .yields = YIELDS_COMMIT, .read = commit_decode,
          .asks = ASKS_COMMITTED | ASKS_REACHED, .doc = "make an image of a container", .source = ROUTER },
        { .id = STR("container.archive-put"), .method = "PUT", .path = "/containers/{name*}/archive",
          .body = BODY_STREAM, .flags = OPERATION_JUDGED, .yields = GROUP_COPY | YIELDS_ENTRY | GROUP_MOUNTS,
          .read = archive_decode,
          .asks = ASKS_OF_ENTRY | ASKS_STARTED, .doc = "copy files into a container", .source = ROUTER },
        { .id = STR("container.remove"), .method = "DELETE", .path = "/containers/{name*}", .body = BODY_NONE,
          .flags = LIFECYCLE | VOLUMES, .doc = "remove a container", .source = ROUTER },
#undef ROUTER

#define ROUTER "moby daemon/server/router/image"
        { .id = STR("image.list"), .method = "GET", .path = "/images/json", .body = BODY_NONE, .flags = READ,
          .doc = "list images", .source = ROUTER },
        { .id = STR("image.search"), .method = "GET", .path = "/images/search", .body = BODY_NONE,
          .flags = OPERATION_JUDGED, .yields = GROUP_IMAGE | GROUP_FETCHES, .read = search_decode,
          .doc = "search a registry: dockerd goes to it", .source = ROUTER },
        { .id = STR("image.save"), .method = "GET", .path = "/images/get", .body = BODY_NONE, .flags = READ | CONTENT,
          .doc = "images as a tar", .source = ROUTER },
        { .id = STR("image.save"), .method = "GET", .path = "/images/{name*}/get", .body = BODY_NONE, .flags = READ | CONTENT,
          .doc = "an image as a tar", .source = ROUTER },
        { .id = STR("image.history"), .method = "GET", .path = "/images/{name*}/history", .body = BODY_NONE,
          .flags = READ, .doc = "its layers", .source = ROUTER },
        { .id = STR("image.inspect"), .method = "GET", .path = "/images/{name*}/json", .body = BODY_NONE, .flags = READ,
          .doc = "inspect an image", .source = ROUTER },
        { .id = STR("image.attestations"), .method = "GET", .path = "/images/{name*}/attestations", .body = BODY_NONE,
          .flags = READ, .doc = "its attestations; engine 29", .source = ROUTER },
        { .id = STR("image.load"), .method = "POST", .path = "/images/load", .body = BODY_STREAM,
          .flags = OPERATION_JUDGED | IMAGES, .yields = GROUP_IMAGE, .read = load_decode,
          .doc = "load images from a tar", .source = ROUTER },
        { .id = STR("image.create"), .method = "POST", .path = "/images/create", .body = BODY_STREAM,
          .flags = OPERATION_JUDGED | IMAGES, .yields = YIELDS_PULL, .read = pull_decode,
          .doc = "pull, or import from a URL or the body", .source = ROUTER },
        { .id = STR("image.push"), .method = "POST", .path = "/images/{name*}/push", .body = BODY_NONE,
          .flags = OPERATION_JUDGED, .yields = GROUP_IMAGE | GROUP_FETCHES | GROUP_VARIABLES, .read = push_decode,
          .asks = ASKS_IMAGE, .doc = "push to a registry", .source = ROUTER },
        { .id = STR("image.tag"), .method = "POST", .path = "/images/{name*}/tag", .body = BODY_NONE,
          .flags = OPERATION_JUDGED | IMAGES, .yields = GROUP_IMAGE | GROUP_NAMES, .read = tag_decode,
          .doc = "give another name", .source = ROUTER },
        { .id = STR("image.prune"), .method = "POST", .path = "/images/prune", .body = BODY_NONE,
          .flags = LIFECYCLE | IDLE | IMAGES, .doc = "remove unused images", .source = ROUTER },
        { .id = STR("image.remove"), .method = "DELETE", .path = "/images/{name*}", .body = BODY_NONE,
          .flags = LIFECYCLE | IMAGES, .doc = "remove an image", .source = ROUTER },
#undef ROUTER

#define ROUTER "moby daemon/server/router/system"
        { .id = STR("options"), .method = "OPTIONS", .path = "/{any*}", .body = BODY_NONE, .flags = READ,
          .doc = "CORS preflight", .source = ROUTER },
        { .id = STR("system.ping"), .method = "GET", .path = "/_ping", .body = BODY_NONE, .flags = READ,
          .doc = "is it there", .source = ROUTER },
        { .id = STR("system.ping"), .method = "HEAD", .path = "/_ping", .body = BODY_NONE, .flags = READ,
          .doc = "is it there", .source = ROUTER },
        { .id = STR("system.events"), .method = "GET", .path = "/events", .body = BODY_NONE, .flags = READ,
          .doc = "what happens", .source = ROUTER },
        { .id = STR("system.info"), .method = "GET", .path = "/info", .body = BODY_NONE, .flags = READ,
          .yields = GROUP_ENGINE | GROUP_INFO, .tells = TELLS_INFO, .doc = "the engine", .source = ROUTER },
        { .id = STR("system.version"), .method = "GET", .path = "/version", .body = BODY_NONE, .flags = READ,
          .yields = GROUP_ENGINE | GROUP_VERSION, .tells = TELLS_VERSION, .doc = "its version", .source = ROUTER },
        { .id = STR("system.df"), .method = "GET", .path = "/system/df", .body = BODY_NONE, .flags = READ,
          .doc = "disk usage", .source = ROUTER },
        { .id = STR("system.auth"), .method = "POST", .path = "/auth", .body = BODY_STREAM, .flags = OPERATION_JUDGED,
          .yields = GROUP_FETCHES, .read = auth_decode,
          .doc = "log in to a registry; the body is shown by few engines", .source = ROUTER },
#undef ROUTER

#define ROUTER "moby daemon/server/router/volume"
        { .id = STR("volume.list"), .method = "GET", .path = "/volumes", .body = BODY_NONE, .flags = READ,
          .doc = "list volumes", .source = ROUTER },
        { .id = STR("volume.inspect"), .method = "GET", .path = "/volumes/{name*}", .body = BODY_NONE, .flags = READ,
          .doc = "inspect a volume", .source = ROUTER },
        { .id = STR("volume.create"), .method = "POST", .path = "/volumes/create", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED | VOLUMES, .yields = YIELDS_VOLUME, .read = volume_create_decode,
          .asks = ASKS_DRIVERS, .doc = "create a volume", .source = ROUTER },
        { .id = STR("volume.prune"), .method = "POST", .path = "/volumes/prune", .body = BODY_NONE,
          .flags = LIFECYCLE | IDLE | VOLUMES, .doc = "remove unused volumes", .source = ROUTER },
        { .id = STR("volume.update"), .method = "PUT", .path = "/volumes/{name*}", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED | VOLUMES, .yields = YIELDS_VOLUME, .read = volume_update_decode,
          .asks = ASKS_DRIVERS, .doc = "update a cluster volume", .source = ROUTER },
        { .id = STR("volume.remove"), .method = "DELETE", .path = "/volumes/{name*}", .body = BODY_NONE,
          .flags = LIFECYCLE | VOLUMES, .doc = "remove a volume", .source = ROUTER },
#undef ROUTER

#define ROUTER "moby daemon/server/router/build"
        { .id = STR("image.build"), .method = "POST", .path = "/build", .body = BODY_STREAM,
          .flags = OPERATION_JUDGED | IMAGES, .yields = YIELDS_BUILD, .read = build_decode, .doc = "build an image",
          .source = ROUTER },
        { .id = STR("build.prune"), .method = "POST", .path = "/build/prune", .body = BODY_NONE,
          .flags = LIFECYCLE | IDLE | IMAGES, .doc = "remove the build cache", .source = ROUTER },
        { .id = STR("build.cancel"), .method = "POST", .path = "/build/cancel", .body = BODY_NONE,
          .flags = LIFECYCLE | IDLE, .doc = "cancel a build", .source = ROUTER },
#undef ROUTER

#define ROUTER "moby daemon/server/router/session"
        { .id = STR("session"), .method = "POST", .path = "/session", .body = BODY_STREAM,
          .flags = OPERATION_JUDGED | IMAGES, .yields = GROUP_BUILD, .read = session_decode,
          .doc = "a BuildKit session: hijacked, nothing in it can be seen", .source = ROUTER },
#undef ROUTER

#define ROUTER "moby daemon/server/router/swarm"
        { .id = STR("swarm.init"), .method = "POST", .path = "/swarm/init", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED, .yields = YIELDS_SWARM | GROUP_SWARM_NODE, .read = swarm_init_decode,
          .asks = ASKS_DRIVERS, .doc = "make a swarm", .source = ROUTER },
        { .id = STR("swarm.join"), .method = "POST", .path = "/swarm/join", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED, .yields = GROUP_SWARM_NODE, .read = swarm_join_decode,
          .doc = "join a swarm", .source = ROUTER },
        { .id = STR("swarm.leave"), .method = "POST", .path = "/swarm/leave", .body = BODY_NONE,
          .flags = OPERATION_JUDGED, .yields = GROUP_SWARM_NODE, .read = swarm_force_decode, .doc = "leave it",
          .source = ROUTER },
        { .id = STR("swarm.inspect"), .method = "GET", .path = "/swarm", .body = BODY_NONE,
          .flags = OPERATION_JUDGED,
          .doc = "inspect it, with its join tokens", .source = ROUTER },
        { .id = STR("swarm.unlockkey"), .method = "GET", .path = "/swarm/unlockkey", .body = BODY_NONE,
          .flags = OPERATION_JUDGED,
          .doc = "the key that unlocks managers", .source = ROUTER },
        { .id = STR("swarm.update"), .method = "POST", .path = "/swarm/update", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED, .yields = YIELDS_SWARM, .read = swarm_update_decode,
          .asks = ASKS_DRIVERS, .doc = "change its settings", .source = ROUTER },
        { .id = STR("swarm.unlock"), .method = "POST", .path = "/swarm/unlock", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED, .read = swarm_unlock_decode,
          .doc = "unlock a manager", .source = ROUTER },
        { .id = STR("service.list"), .method = "GET", .path = "/services", .body = BODY_NONE, .flags = READ,
          .doc = "list services", .source = ROUTER },
        { .id = STR("service.inspect"), .method = "GET", .path = "/services/{id}", .body = BODY_NONE, .flags = READ,
          .doc = "inspect a service", .source = ROUTER },
        { .id = STR("service.create"), .method = "POST", .path = "/services/create", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED | IMAGES | VOLUMES, .yields = YIELDS_SERVICE, .read = service_create_decode,
          .asks = ASKS_OF_SERVICE, .doc = "create a service", .source = ROUTER },
        { .id = STR("service.update"), .method = "POST", .path = "/services/{id}/update", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED | IMAGES | VOLUMES, .yields = YIELDS_SERVICE, .read = service_update_decode,
          .asks = ASKS_OF_SERVICE, .doc = "change a service", .source = ROUTER },
        { .id = STR("service.remove"), .method = "DELETE", .path = "/services/{id}", .body = BODY_NONE,
          .flags = LIFECYCLE | VOLUMES, .doc = "remove a service", .source = ROUTER },
        { .id = STR("service.logs"), .method = "GET", .path = "/services/{id}/logs", .body = BODY_NONE, .flags = READ | CONTENT,
          .doc = "its output", .source = ROUTER },
        { .id = STR("node.list"), .method = "GET", .path = "/nodes", .body = BODY_NONE, .flags = READ,
          .doc = "list nodes", .source = ROUTER },
        { .id = STR("node.inspect"), .method = "GET", .path = "/nodes/{id}", .body = BODY_NONE, .flags = READ,
          .doc = "inspect a node", .source = ROUTER },
        { .id = STR("node.remove"), .method = "DELETE", .path = "/nodes/{id}", .body = BODY_NONE,
          .flags = OPERATION_JUDGED, .yields = GROUP_SWARM_NODE, .read = swarm_force_decode,
          .doc = "remove a node", .source = ROUTER },
        { .id = STR("node.update"), .method = "POST", .path = "/nodes/{id}/update", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED, .yields = GROUP_SWARM_NODE | GROUP_TEXTS, .read = node_update_decode,
          .doc = "change role or availability of a node", .source = ROUTER },
        { .id = STR("task.list"), .method = "GET", .path = "/tasks", .body = BODY_NONE, .flags = READ,
          .doc = "list tasks", .source = ROUTER },
        { .id = STR("task.inspect"), .method = "GET", .path = "/tasks/{id}", .body = BODY_NONE, .flags = READ,
          .doc = "inspect a task", .source = ROUTER },
        { .id = STR("task.logs"), .method = "GET", .path = "/tasks/{id}/logs", .body = BODY_NONE, .flags = READ | CONTENT,
          .doc = "its output", .source = ROUTER },
        { .id = STR("secret.list"), .method = "GET", .path = "/secrets", .body = BODY_NONE, .flags = READ,
          .doc = "list secrets", .source = ROUTER },
        { .id = STR("secret.create"), .method = "POST", .path = "/secrets/create", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED, .yields = GROUP_SWARM_DATA | GROUP_TEXTS | GROUP_DRIVERS, .read = secret_decode,
          .asks = ASKS_DRIVERS, .doc = "create a secret", .source = ROUTER },
        { .id = STR("secret.remove"), .method = "DELETE", .path = "/secrets/{id}", .body = BODY_NONE,
          .flags = OPERATION_JUDGED, .doc = "remove a secret", .source = ROUTER },
        { .id = STR("secret.inspect"), .method = "GET", .path = "/secrets/{id}", .body = BODY_NONE, .flags = READ,
          .doc = "inspect a secret, without its data", .source = ROUTER },
        { .id = STR("secret.update"), .method = "POST", .path = "/secrets/{id}/update", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED, .yields = GROUP_SWARM_DATA | GROUP_TEXTS | GROUP_DRIVERS, .read = secret_decode,
          .asks = ASKS_DRIVERS, .doc = "change the labels of a secret", .source = ROUTER },
        { .id = STR("config.list"), .method = "GET", .path = "/configs", .body = BODY_NONE, .flags = READ,
          .doc = "list configs", .source = ROUTER },
        { .id = STR("config.create"), .method = "POST", .path = "/configs/create", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED, .yields = GROUP_SWARM_DATA | GROUP_TEXTS, .read = config_decode,
          .doc = "create a config", .source = ROUTER },
        { .id = STR("config.remove"), .method = "DELETE", .path = "/configs/{id}", .body = BODY_NONE,
          .flags = OPERATION_JUDGED, .doc = "remove a config", .source = ROUTER },
        { .id = STR("config.inspect"), .method = "GET", .path = "/configs/{id}", .body = BODY_NONE, .flags = READ,
          .doc = "inspect a config", .source = ROUTER },
        { .id = STR("config.update"), .method = "POST", .path = "/configs/{id}/update", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED, .yields = GROUP_SWARM_DATA | GROUP_TEXTS, .read = config_decode,
          .doc = "change the labels of a config", .source = ROUTER },
#undef ROUTER

#define ROUTER "moby daemon/server/router/plugin"
        { .id = STR("plugin.list"), .method = "GET", .path = "/plugins", .body = BODY_NONE, .flags = READ,
          .doc = "list plugins", .source = ROUTER },
        { .id = STR("plugin.inspect"), .method = "GET", .path = "/plugins/{name*}/json", .body = BODY_NONE,
          .flags = READ, .doc = "inspect a plugin", .source = ROUTER },
        { .id = STR("plugin.privileges"), .method = "GET", .path = "/plugins/privileges", .body = BODY_NONE,
          .flags = READ, .yields = GROUP_PLUGIN | GROUP_IMAGE | GROUP_FETCHES, .read = plugin_privileges_decode,
          .doc = "what a plugin of a registry asks for: dockerd goes to it", .source = ROUTER },
        { .id = STR("plugin.remove"), .method = "DELETE", .path = "/plugins/{name*}", .body = BODY_NONE,
          .flags = LIFECYCLE, .yields = GROUP_PLUGIN, .read = plugin_change_decode, .doc = "remove a plugin",
          .source = ROUTER },
        { .id = STR("plugin.enable"), .method = "POST", .path = "/plugins/{name*}/enable", .body = BODY_NONE,
          .flags = LIFECYCLE | IDLE, .yields = GROUP_PLUGIN, .read = plugin_change_decode,
          .asks = ASKS_PLUGIN, .doc = "enable a plugin",
          .source = ROUTER },
        { .id = STR("plugin.disable"), .method = "POST", .path = "/plugins/{name*}/disable", .body = BODY_NONE,
          .flags = LIFECYCLE | IDLE, .yields = GROUP_PLUGIN, .read = plugin_change_decode,
          .doc = "disable a plugin, perhaps an authorization one", .source = ROUTER },
        { .id = STR("plugin.pull"), .method = "POST", .path = "/plugins/pull", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED, .yields = YIELDS_INSTALL, .read = plugin_install_decode,
          .doc = "install a plugin and grant it privileges", .source = ROUTER },
        { .id = STR("plugin.push"), .method = "POST", .path = "/plugins/{name*}/push", .body = BODY_NONE,
          .flags = OPERATION_JUDGED, .yields = GROUP_PLUGIN | GROUP_IMAGE | GROUP_FETCHES, .read = plugin_push_decode,
          .doc = "push a plugin", .source = ROUTER },
        { .id = STR("plugin.upgrade"), .method = "POST", .path = "/plugins/{name*}/upgrade", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED, .yields = YIELDS_INSTALL, .read = plugin_install_decode,
          .doc = "upgrade a plugin and grant it privileges", .source = ROUTER },
        { .id = STR("plugin.set"), .method = "POST", .path = "/plugins/{name*}/set", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED, .yields = YIELDS_SETTINGS, .read = plugin_set_decode,
          .asks = ASKS_PLUGIN, .doc = "change mounts, devices or environment of a plugin", .source = ROUTER },
        { .id = STR("plugin.create"), .method = "POST", .path = "/plugins/create", .body = BODY_STREAM,
          .flags = OPERATION_JUDGED, .yields = GROUP_PLUGIN, .read = plugin_create_decode,
          .doc = "make a plugin from a tar", .source = ROUTER },
#undef ROUTER

#define ROUTER "moby daemon/server/router/distribution"
        { .id = STR("distribution.inspect"), .method = "GET", .path = "/distribution/{name*}/json", .body = BODY_NONE,
          .flags = OPERATION_JUDGED, .yields = GROUP_IMAGE | GROUP_FETCHES, .read = distribution_decode,
          .doc = "an image of a registry: dockerd goes to it", .source = ROUTER },
#undef ROUTER

#define ROUTER "moby daemon/server/router/grpc"
        { .id = STR("grpc"), .method = "POST", .path = "/grpc", .body = BODY_STREAM,
          .flags = OPERATION_JUDGED | IMAGES, .yields = GROUP_BUILD, .read = session_decode,
          .doc = "BuildKit: hijacked, nothing in it can be seen", .source = ROUTER },
#undef ROUTER

#define ROUTER "moby daemon/server/router/network"
        { .id = STR("network.list"), .method = "GET", .path = "/networks", .body = BODY_NONE, .flags = READ,
          .yields = GROUP_BRIDGE, .tells = TELLS_NETWORKS, .doc = "list networks", .source = ROUTER },
        { .id = STR("network.list"), .method = "GET", .path = "/networks/", .body = BODY_NONE, .flags = READ,
          .yields = GROUP_BRIDGE, .tells = TELLS_NETWORKS, .doc = "list networks", .source = ROUTER },
        { .id = STR("network.inspect"), .method = "GET", .path = "/networks/{id*}", .body = BODY_NONE, .flags = READ,
          .yields = GROUP_BRIDGE, .tells = TELLS_NETWORK, .doc = "inspect a network", .source = ROUTER },
        { .id = STR("network.create"), .method = "POST", .path = "/networks/create", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED, .yields = GROUP_NETWORK | GROUP_TEXTS | GROUP_DRIVERS, .read = network_create_decode,
          .asks = ASKS_DRIVERS, .doc = "create a network", .source = ROUTER },
        { .id = STR("network.connect"), .method = "POST", .path = "/networks/{id*}/connect", .body = BODY_REQUIRED,
          .flags = OPERATION_JUDGED, .yields = GROUP_ENDPOINT | GROUP_NETWORKS | GROUP_SYSCTLS | GROUP_TEXTS,
          .read = network_connect_decode,
          .doc = "connect a container", .source = ROUTER },
        { .id = STR("network.disconnect"), .method = "POST", .path = "/networks/{id*}/disconnect",
          .body = BODY_REQUIRED, .flags = LIFECYCLE, .yields = GROUP_ENDPOINT, .read = network_disconnect_decode,
          .doc = "disconnect a container", .source = ROUTER },
        { .id = STR("network.prune"), .method = "POST", .path = "/networks/prune", .body = BODY_NONE,
          .flags = LIFECYCLE | IDLE, .doc = "remove unused networks", .source = ROUTER },
        { .id = STR("network.remove"), .method = "DELETE", .path = "/networks/{id*}", .body = BODY_NONE,
          .flags = LIFECYCLE, .doc = "remove a network", .source = ROUTER },
#undef ROUTER

#define ROUTER "moby daemon/server/router/debug"
        { .id = STR("debug"), .path = "/debug/vars", .body = BODY_NONE, .flags = DEBUG,
          .doc = "memory and profiles of dockerd; engines up to 27 take any method", .source = ROUTER },
        { .id = STR("debug"), .path = "/debug/pprof/", .body = BODY_NONE, .flags = DEBUG,
          .doc = "memory and profiles of dockerd; engines up to 27 take any method", .source = ROUTER },
        { .id = STR("debug"), .path = "/debug/pprof/cmdline", .body = BODY_NONE, .flags = DEBUG,
          .doc = "memory and profiles of dockerd; engines up to 27 take any method", .source = ROUTER },
        { .id = STR("debug"), .path = "/debug/pprof/profile", .body = BODY_NONE, .flags = DEBUG,
          .doc = "memory and profiles of dockerd; engines up to 27 take any method", .source = ROUTER },
        { .id = STR("debug"), .path = "/debug/pprof/symbol", .body = BODY_NONE, .flags = DEBUG,
          .doc = "memory and profiles of dockerd; engines up to 27 take any method", .source = ROUTER },
        { .id = STR("debug"), .path = "/debug/pprof/trace", .body = BODY_NONE, .flags = DEBUG,
          .doc = "memory and profiles of dockerd; engines up to 27 take any method", .source = ROUTER },
        { .id = STR("debug"), .path = "/debug/pprof/{name}", .body = BODY_NONE, .flags = DEBUG,
          .doc = "memory and profiles of dockerd; engines up to 27 take any method", .source = ROUTER },
#undef ROUTER

        { .id = STR(OPERATION_HOST), .method = "GET", .path = "(host)", .body = BODY_NONE, .flags = READ | OPERATION_OURS,
          .yields = GROUP_HOST, .doc = "no call: the files of the host that `docksill audit` judges",
          .source = "docksill plugin/host/posture" },
};
/* clang-format on */

const size_t operation_table_n = ARRAY_SIZE(operation_table);

/* {x}: one segment. {x*}: moby's .*, which takes slashes and nothing too, but no newline. */
static bool variable_fits(struct str value, bool any) {
        if (any)
                return str_find(value, '\n') == value.n;
        return value.n > 0 && str_find(value, '/') == value.n;
}

/*
 * Matches @path with a pattern. A {x} ends before the next slash; behind a {x*} stands literal text alone, which is the
 * end of the path, as it is for Go's greedy, anchored expression.
 */
static bool path_fits(const char *pattern, struct str path, struct operation_variables *variables) {
        variables->n = 0;
        while (*pattern) {
                const char *close;
                size_t rest, n;
                bool any;

                if (*pattern != '{') {
                        if (path.n == 0 || path.p[0] != *pattern)
                                return false;
                        path = str_skip(path, 1);
                        ++pattern;
                        continue;
                }

                close = strchr(pattern, '}');
                assert(close && variables->n < OPERATION_VARIABLES);
                any = close[-1] == '*';
                pattern = close + 1;
                rest = strlen(pattern);
                if (any && path.n < rest)
                        return false;
                n = any ? path.n - rest : str_find(path, '/');
                if (!variable_fits(str_first(path, n), any))
                        return false;
                variables->items[variables->n++] = str_first(path, n);
                path = str_skip(path, n);
        }
        return path.n == 0;
}

/* The two letters behind the slash tell most rows apart; the rest is not worth an index. */
static bool may_fit(const char *pattern, struct str path) {
        return pattern[1] == '{' || (path.n > 2 && pattern[1] == path.p[1] && pattern[2] == path.p[2]);
}

const struct operation *operation_match(struct str method, struct str path, struct operation_variables *variables) {
        for (size_t i = 0; i < operation_table_n; ++i) {
                const struct operation *o = &operation_table[i];

                if (!may_fit(o->path, path))
                        continue;
                if (!(o->flags & OPERATION_ANY_METHOD) && !str_eqz(method, o->method))
                        continue;
                if (path_fits(o->path, path, variables))
                        return o;
        }
        variables->n = 0;
        return NULL;
}

const struct operation *operation_find(struct str id) {
        for (size_t i = 0; i < operation_table_n; ++i)
                if (str_eq(operation_table[i].id, id))
                        return &operation_table[i];
        return NULL;
}
