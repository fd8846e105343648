package penstock.lease;

import java.util.concurrent.TimeUnit;

/**
 * What a standby has seen of the key, and what follows from it. A holder counts its deadline from before the request
 * of its renewal, and a renewal changes the revision. So a revision that has not changed for the time of the lease,
 * counted from the first answer that had it, belongs to a holder whose deadline is over: by one clock for each side,
 * without comparing them. The count begins again after a time without answers: when the store was away for all, a
 * holder that stayed connected gets a lease's time to renew.
 *
 * <p>A key that is missing has no revision: it may have been deleted, written and deleted again between two answers. So
 * the lease cannot be taken before a vacant record has been written, which then has to stay unchanged.
 *
 * <p>Owned by the lease thread.
 */
final class KeyWatch {
    private final String ownId;
    private final LeaseTerms terms;
    private long revision;
    private LeaseRecord record;
    private boolean isKnown;
    private long unchangedSinceNs;
    private long answeredNs;
    private long highestEpoch;

    /** Of the process {@code ownId}; nothing is known yet. */
    KeyWatch(final String ownId, final LeaseTerms terms) {
        this.ownId = ownId;
        this.terms = terms;
    }

    /** The key was so when the question was answered, at {@code nowNs} at the latest. */
    void onAnswer(final KeyAnswer answer, final long nowNs) {
        if (!isKnown || answer.revision() != revision || !isFresh(nowNs)) {
            unchangedSinceNs = nowNs;
        }
        isKnown = true;
        answeredNs = nowNs;
        revision = answer.revision();
        record = answer.value() == null ? null : LeaseRecord.parse(answer.value());
        if (record != null) {
            highestEpoch = Math.max(highestEpoch, record.epoch());
        }
    }

    /** Whether this process wrote the key last: no other one can have had the lease since. */
    boolean isOurs() {
        return record != null && record.id().equals(ownId);
    }

    /** Whether the lease may be asked for: its holder has given it away, or has closed its connections by now. */
    boolean isFree(final long nowNs) {
        if (record == null || !isFresh(nowNs)) {
            return false;
        }
        final long ofHolderNs = TimeUnit.MILLISECONDS.toNanos(record.leaseMs());
        return !record.isHeld() || isOurs()
            || nowNs - unchangedSinceNs >= Math.max(terms.leaseNs(), ofHolderNs);
    }

    /** Whether there was no key at the newest answer. */
    boolean isMissing() {
        return isKnown && revision == 0;
    }

    private boolean isFresh(final long nowNs) {
        return nowNs - answeredNs <= terms.awayNs();
    }

    /** Of the newest answer. */
    long revision() {
        return revision;
    }

    /** Of the newest answer; 0 = there is none. */
    long epoch() {
        return record == null ? 0 : record.epoch();
    }

    /** No holder has had this epoch or a higher one. */
    long nextEpoch(final long nowMs) {
        highestEpoch = Math.max(nowMs, highestEpoch + 1);
        return highestEpoch;
    }

    /** The name of the holder; null if there is none or it is not known. */
    String holder() {
        return record == null || !record.hasHolder() ? null : record.holder();
    }

    /** In words for people. */
    String words() {
        return !isKnown ? "the lease was not read yet"
            : record == null && revision != 0
            ? "the key has a value that no relay has written: choose another lease.key"
            : holder() == null ? "no relay has the lease" : holder() + " has the lease";
    }
}
