# Names what is wrong with a pod, from its spec alone: image, exit, memory, liveness, readiness or none.
# Stages select on the answer, so that only a change of the spec heals: restarting or deleting recreates the fault.
# It is asked for every change of every pod: no regular expression where a comparison will do.
# `broken` below must stay in step with the templates, which ask the same of one container.

def size: tostring | capture("^(?<n>[0-9.]+)(?<u>[A-Za-z]*)$")
  | (.n | tonumber) * ({"": 1, k: 1e3, M: 1e6, G: 1e9, Ki: 1024, Mi: 1048576, Gi: 1073741824}[.u] // 1);
def setting($name): [.env[]? | select(.name == $name) | .value // ""] | first // "";
def served($probe): ($probe | .httpGet.port? // .tcpSocket.port?) as $port
  | $port == null or .ports == null or ([.ports[] | .containerPort, .name] | any(. == $port));

def broken:
  setting("REQUIRED_ENV") as $required | setting("WORKING_SET") as $needed | .resources.limits.memory as $limit
  | if .image | contains("does-not-exist") or endswith(":broken") then "image"
    elif [.command[]?, .args[]?] | any(contains("exit ") and test("\\bexit [1-9]")) then "exit"
    elif $required != "" and ([.env[].name] | any(. == $required) | not) then "exit"
    elif $needed != "" and $limit != null and ($needed | size) > ($limit | size) then "memory"
    elif served(.livenessProbe) | not then "liveness"
    elif served(.readinessProbe) | not then "readiness"
    else empty end;

[.spec.containers[] | broken] as $all
  | first((["image", "exit", "memory", "liveness", "readiness"][] | select(. as $fault | $all | any(. == $fault))), "none")
