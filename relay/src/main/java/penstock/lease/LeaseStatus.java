package penstock.lease;

import java.util.Locale;

/**
 * What a relay knows of the lease. Immutable.
 *
 * @param role    what this relay does
 * @param epoch   that of the holder, the highest known; 0 = none is known
 * @param holder  the name of the holder; null = none is known
 * @param detail  what is known, for people
 * @param problem why etcd did not answer last, for people, without secrets; null = it did
 */
public record LeaseStatus(Role role, long epoch, String holder, String detail, String problem) {
    /** What a relay does. */
    public enum Role {
        /** It has the lease and is connected. */
        ACTIVE,
        /** It had the lease, cannot renew it, and stays connected, because {@code on-quorum-loss} is {@code hold}. */
        HOLDING,
        /** It waits for the lease, without a connection. */
        STANDBY;

        /** In lower case. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is known, and the problem if there is one. */
    public String words() {
        return problem == null ? detail : detail + "; " + problem;
    }

    /** Whether it may be connected to the venues. */
    public boolean isConnected() {
        return role != Role.STANDBY;
    }
}
