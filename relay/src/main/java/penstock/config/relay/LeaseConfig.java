package penstock.config.relay;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import penstock.config.ConfigSection;
import penstock.config.ConfigUnits;
import penstock.config.Inline;
import penstock.config.Secret;
import penstock.config.ServiceKeys;
import penstock.config.SourceText;
import penstock.text.Address;

/**
 * One vendor connection among several relays. Immutable.
 *
 * @param etcd         addresses of the members; empty = this relay shares with no other one
 * @param self         this relay, and those that it shares with
 * @param onQuorumLoss what a holder does that cannot renew
 */
public record LeaseConfig(List<String> etcd, @Inline Self self, @Inline Times times, OnQuorumLoss onQuorumLoss,
        @Inline Login login, FeedConfig.Tls tls) {
    /** No lease. */
    static final LeaseConfig NONE = new LeaseConfig(List.of(),
        new Self("penstock/ingest", null, List.of(), Map.of()), new Times(4_000, 3_000, 500), OnQuorumLoss.CLOSE,
        new Login(null, null, null), FeedConfig.Tls.DEFAULT);

    private static final int REFUSED = -1;
    private static final int MAX_KEY_CHARS = 256;
    private static final long MINUTE_MS = 60_000;
    private static final String FENCE = "fence";

    /** What a holder does whose lease cannot be renewed. */
    public enum OnQuorumLoss {
        /** It closes its connections. */
        CLOSE,
        /** It keeps them until it learns that another relay has the lease. */
        HOLD
    }

    /**
     * This relay, and those that it shares with.
     *
     * @param key   in etcd
     * @param name  of this relay; null = that of its machine
     * @param peers addresses of all of them, at which the one that is connected is followed; empty = none is followed
     * @param headers of the requests to them
     */
    public record Self(String key, String name, List<Address> peers, @Secret Map<String, String> headers) {
    }

    /**
     * The times of the lease.
     *
     * @param durationMs until another relay takes over
     * @param fenceMs    until the holder closes its connections
     * @param renewMs    from one renewal to the next
     */
    public record Times(long durationMs, long fenceMs, long renewMs) {
    }

    /**
     * Who the relay is to etcd.
     *
     * @param user         null = none
     * @param passwordFile of the user
     * @param tokenFile    instead of both
     */
    public record Login(String user, String passwordFile, String tokenFile) {
        /** The file with a secret; null = there is none. */
        public String secretFile() {
            return user == null ? tokenFile : passwordFile;
        }
    }

    /** In etcd. */
    public String key() {
        return self.key;
    }

    /** Of this relay; null = that of its machine. */
    public String name() {
        return self.name;
    }

    /** Addresses of all that share the lease; empty = the one that is connected is not followed. */
    public List<Address> peers() {
        return self.peers;
    }

    /** Of the requests to peers; secrets. */
    public Map<String, String> headers() {
        return self.headers;
    }

    /** Whether there is a lease. */
    public boolean isShared() {
        return !etcd.isEmpty();
    }

    /** Reads the section, and records its problems; {@code folder} resolves relative paths. */
    static LeaseConfig read(final ConfigSection section, final Path folder) {
        final LeaseConfig lease = new LeaseConfig(section.texts("etcd"), new Self(section.text("key", NONE.key()),
            section.text("name", null), peers(section), section.textMap("headers")), times(section),
            section.choice("on-quorum-loss", OnQuorumLoss.CLOSE, OnQuorumLoss.class), login(section, folder),
            TlsFiles.ofFeed(section.section("tls"), folder));
        ServiceKeys.checkAddresses(section, "etcd", lease.etcd, Set.of("http", "https"), "https://etcd1:2379");
        if (lease.key().isBlank() || lease.key().length() > MAX_KEY_CHARS) {
            section.problem("key", "must be a name of 1 to " + MAX_KEY_CHARS + " characters, like " + NONE.key());
        }
        if (lease.name() != null && !lease.name().matches("[A-Za-z0-9._:-]{1,64}")) {
            section.problem("name", "must be 1 to 64 of A-Z a-z 0-9 . _ : -, got " + SourceText.of(lease.name()));
        }
        if (!lease.isShared() && !lease.peers().isEmpty()) {
            section.problem("peers", "has no effect without etcd, which says which of them is connected");
        }
        if (lease.isShared() && lease.etcd.stream().noneMatch(address -> address.startsWith("https:"))
                && !lease.tls.equals(FeedConfig.Tls.DEFAULT)) {
            section.problem("tls", "has no effect: no address in etcd begins with https://");
        }
        return lease;
    }

    private static List<Address> peers(final ConfigSection section) {
        final List<Address> peers = section.texts("peers").stream().map(Address::new).toList();
        peers.stream().filter(peer -> !peer.text().matches("wss?://[^/@?#\\s]+(/[^@?#\\s]*)?"))
            .forEach(peer -> section.problem("peers",
                "must be addresses of relays like ws://ingest-1:8080/v1/ws, got " + peer));
        return peers;
    }

    private static Times times(final ConfigSection section) {
        final Times times = new Times(section.durationMs("duration", REFUSED, 1_000, MINUTE_MS),
            section.durationMs(FENCE, REFUSED, 500, MINUTE_MS), section.durationMs("renew", REFUSED, 100, MINUTE_MS));
        if (times.durationMs == REFUSED || times.fenceMs == REFUSED || times.renewMs == REFUSED) {
            return times;
        }
        if (times.fenceMs * 5 > times.durationMs * 4) {
            section.problemBetween("fence " + ConfigUnits.duration(times.fenceMs) + " must be 4/5 of duration "
                + ConfigUnits.duration(times.durationMs) + " at most: the rest is for pauses, for closing, and for "
                + "clocks that differ", FENCE, "duration");
        }
        if (times.renewMs * 2 > times.fenceMs) {
            section.problemBetween("renew " + ConfigUnits.duration(times.renewMs) + " must be half of fence "
                + ConfigUnits.duration(times.fenceMs) + " at most, so that one lost request closes nothing", "renew",
                FENCE);
        }
        return times;
    }

    private static Login login(final ConfigSection section, final Path folder) {
        final Login login = new Login(section.text("user", null), ServiceKeys.file(section, "password-file", folder),
            ServiceKeys.file(section, "token-file", folder));
        if (ServiceKeys.isWhole(section, login.user, login.passwordFile)
                && login.user != null && login.tokenFile != null) {
            section.problem("token-file", "is instead of user and password-file: remove one of them");
        }
        return login;
    }

    @Override
    public String toString() {
        return EffectiveConfig.oneLine(this);
    }
}
