export interface ContainerUser {
  uid: number
  gid: number
}

export interface Caller {
  environment: Record<string, string | undefined>
  /** Undefined where there are no user ids (Windows). */
  uid: number | undefined
  gid: number | undefined
  /** An engine that runs without root maps the caller to user 0 inside. */
  rootless: boolean
  /** Owner of the kubeconfig, if there is one. */
  owner: ContainerUser | undefined
}

/** The image's own user, for callers who have no id of their own to give. */
const NODE: ContainerUser = { uid: 1000, gid: 1000 }

/** Who the container runs as: the one who can read the kubeconfig, and never root on an ordinary engine. */
export function containerUser({ environment, uid, gid, rootless, owner }: Caller): ContainerUser {
  const given = pair(environment.GATEHOUSE_UID, environment.GATEHOUSE_GID)
  if (given) return given
  if (rootless) return { uid: 0, gid: 0 }
  if (uid === undefined || gid === undefined) return NODE
  if (uid !== 0) return { uid, gid }
  const sudo = pair(environment.SUDO_UID, environment.SUDO_GID)
  if (sudo && sudo.uid !== 0) return sudo
  return owner && owner.uid !== 0 ? owner : NODE
}

function pair(uid: string | undefined, gid: string | undefined): ContainerUser | undefined {
  if (!uid || !/^\d+$/.test(uid)) return undefined
  return { uid: Number(uid), gid: gid && /^\d+$/.test(gid) ? Number(gid) : Number(uid) }
}
