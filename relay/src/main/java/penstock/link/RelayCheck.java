package penstock.link;

import java.util.List;
import penstock.link.message.Welcome;
import penstock.text.PrintableText;

/**
 * Which relays may be followed: none that is behind this one, and none with too many in front. Immutable.
 *
 * @param relayId the id of this relay among the hops
 */
public record RelayCheck(String relayId) {
    /** With the one that asks: more relays in a row would hide a mistake. */
    static final int MAX_HOPS = 4;

    /** Throws a {@link RefusedRelayException} if a relay is not to be followed, after one of that epoch. */
    public void check(final Welcome offered, final long epoch) {
        if (offered.hops().isEmpty() || offered.heartbeatMs() > LinkTalk.HEARTBEAT_MS) {
            throw new RefusedRelayException("it does not know links: it needs the same release as this relay");
        }
        check(offered.hops());
        if (offered.epoch() < epoch) {
            throw new RefusedRelayException("its epoch " + offered.epoch() + " is older than " + epoch
                + ", which this relay follows already");
        }
    }

    /** Throws a {@link RefusedRelayException} if these are not to be in front of this one. */
    public void check(final List<String> hops) {
        if (hops.contains(relayId)) {
            throw new RefusedRelayException("a loop: its data comes from this relay, by "
                + PrintableText.excerpt(String.join(", ", hops)) + "; let feed.url lead towards the venue");
        }
        if (hops.size() >= MAX_HOPS) {
            throw new RefusedRelayException("with this relay there would be " + (hops.size() + 1) + " in a row, and "
                + MAX_HOPS + " may be: " + PrintableText.excerpt(String.join(", ", hops)));
        }
    }
}
