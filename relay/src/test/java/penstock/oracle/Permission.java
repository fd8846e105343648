package penstock.oracle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one client of a simulation may be sent at a time, at most: reckoned from what was granted and taken away, and
 * from how long that may take to have its effect. One thread.
 */
final class Permission {
    /** An answer of the service has its effect by then. */
    private static final long ANSWER_WITHIN_NS = 1_000_000_000L;
    /** The relay looks once a second whether an answer is too old. */
    private static final long AGE_WITHIN_NS = 2_500_000_000L;
    private static final long EVER = Long.MAX_VALUE / 2;

    private final MarketProducts products;
    /** What keys name, and what a service leaves. */
    private final List<Grant> keys = new ArrayList<>();
    private final List<Grant> answers = new ArrayList<>();
    private final long graceNs;
    private Set<MarketTopic> seen = Set.of();
    /** {@link #seen} counts from then until then. */
    private long seenFromNs;
    private long seenUntilNs;

    /** Products that count from one time until another. */
    private static final class Grant {
        private final Set<String> products;
        private final long fromNs;
        private long untilNs;

        private Grant(final Set<String> products, final long fromNs, final long untilNs) {
            this.products = products;
            this.fromNs = fromNs;
            this.untilNs = untilNs;
        }
    }

    /** {@code graceNs}: how long an answer of the service counts; negative = there is no service. */
    Permission(final MarketProducts products, final long graceNs) {
        this.products = products;
        this.graceNs = graceNs;
    }

    /** The key names these products, and no others from now on. */
    void grant(final Set<String> names, final long nowNs) {
        end(keys, nowNs);
        keys.add(new Grant(names, nowNs, EVER));
    }

    /** The service leaves these products. */
    void answer(final Set<String> names, final long nowNs) {
        end(answers, nowNs + ANSWER_WITHIN_NS);
        answers.add(new Grant(names, nowNs, nowNs + graceNs + AGE_WITHIN_NS));
    }

    private void end(final List<Grant> grants, final long atNs) {
        seenUntilNs = 0;
        for (final Grant grant : grants) {
            grant.untilNs = Math.min(grant.untilNs, atNs);
        }
    }

    /** The topics at a time. */
    Set<MarketTopic> topics(final long atNs) {
        if (atNs < seenFromNs || atNs >= seenUntilNs) {
            final Set<String> names = names(keys, atNs);
            if (graceNs >= 0) {
                names.retainAll(names(answers, atNs));
            }
            seen = products.topics(names);
            seenFromNs = atNs;
            seenUntilNs = Math.min(next(keys, atNs), next(answers, atNs));
        }
        return seen;
    }

    /** Whether the topic may be seen at any time from one to another. */
    boolean permits(final MarketTopic topic, final long fromNs, final long toNs) {
        for (long atNs = fromNs; atNs < toNs; atNs = Math.min(next(keys, atNs), next(answers, atNs))) {
            if (topics(atNs).contains(topic)) {
                return true;
            }
        }
        return topics(toNs).contains(topic);
    }

    /** Whether something changes, or may do so, at a time. */
    boolean isChanging(final long atNs) {
        return isChanging(keys, atNs) || isChanging(answers, atNs);
    }

    /** Changes until then. */
    int changes(final long atNs) {
        return changes(keys, atNs) + changes(answers, atNs);
    }

    private static Set<String> names(final List<Grant> grants, final long atNs) {
        final Set<String> names = new HashSet<>();
        for (final Grant grant : grants) {
            if (grant.fromNs <= atNs && atNs < grant.untilNs) {
                names.addAll(grant.products);
            }
        }
        return names;
    }

    private static long next(final List<Grant> grants, final long afterNs) {
        long next = EVER;
        for (final Grant grant : grants) {
            next = grant.fromNs > afterNs ? Math.min(next, grant.fromNs) : next;
            next = grant.untilNs > afterNs ? Math.min(next, grant.untilNs) : next;
        }
        return next;
    }

    private static boolean isChanging(final List<Grant> grants, final long atNs) {
        for (final Grant grant : grants) {
            if (atNs - grant.fromNs >= 0 && atNs - grant.fromNs < ANSWER_WITHIN_NS
                    || Math.abs(atNs - grant.untilNs) < AGE_WITHIN_NS) {
                return true;
            }
        }
        return false;
    }

    private static int changes(final List<Grant> grants, final long atNs) {
        int changes = 0;
        for (final Grant grant : grants) {
            changes += (grant.fromNs <= atNs ? 1 : 0) + (grant.untilNs <= atNs ? 1 : 0);
        }
        return changes;
    }
}
