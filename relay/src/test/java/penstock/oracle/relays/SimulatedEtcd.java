package penstock.oracle.relays;

import java.util.function.Consumer;
import penstock.lease.KeyAnswer;
import penstock.lease.LeaseKey;

/** A store with one key: it compares and swaps, is away for all at times, and may forget the key. One thread. */
final class SimulatedEtcd {
    private static final int LOST_ONE_IN = 300;

    private final Network network;
    private long revision = 6;
    private long keyRevision;
    private String value;
    private long awayUntilNs;
    private boolean isReliable;

    SimulatedEtcd(final Network network) {
        this.network = network;
    }

    /** The members have no leader for so long: requests wait, and some are lost. */
    void loseQuorum(final long ns) {
        network.log("etcd without quorum for " + ns / 1_000_000 + " ms");
        awayUntilNs = Math.max(awayUntilNs, network.timeline.nowNs() + ns);
    }

    /** No request is lost any more. */
    void calmDown() {
        isReliable = true;
    }

    /** The key is gone, if there is one. */
    boolean forget() {
        if (keyRevision == 0) {
            return false;
        }
        network.log("etcd forgets the key");
        revision++;
        keyRevision = 0;
        value = null;
        return true;
    }

    /** The key, as the relay at an address reaches it. */
    LeaseKey key(final String address) {
        return new LeaseKey() {
            @Override
            public void read(final Consumer<KeyAnswer> answer) {
                send(address, 0, null, answer);
            }

            @Override
            public void swap(final long expected, final String wanted, final Consumer<KeyAnswer> answer) {
                send(address, expected, wanted, answer);
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }

    private void send(final String address, final long expected, final String wanted,
            final Consumer<KeyAnswer> answer) {
        pass(address, () -> arrive(expected, wanted, found -> pass(address, () -> answer.accept(found))));
    }

    /** A request or an answer, which may be lost. */
    private void pass(final String address, final Runnable next) {
        if (!network.isCut(address, Network.ETCD) && (isReliable || network.random.nextInt(LOST_ONE_IN) > 0)) {
            network.world.executeAfter(next, network.latencyNs() + network.random.nextInt(5_000_000));
        }
    }

    private void arrive(final long expected, final String wanted, final Consumer<KeyAnswer> answer) {
        final long nowNs = network.timeline.nowNs();
        if (nowNs < awayUntilNs) {
            if (network.random.nextBoolean()) {
                network.world.executeAfter(() -> arrive(expected, wanted, answer),
                    awayUntilNs - nowNs + network.random.nextInt(300_000_000));
            }
        } else if (wanted == null) {
            answer.accept(KeyAnswer.value(keyRevision, value));
        } else if (expected == keyRevision) {
            keyRevision = ++revision;
            value = wanted;
            answer.accept(KeyAnswer.swapped(keyRevision));
        } else {
            answer.accept(KeyAnswer.refused(keyRevision, value));
        }
    }
}
