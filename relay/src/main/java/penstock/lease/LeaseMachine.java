package penstock.lease;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One relay of those that share a lease: asks, takes, renews, fences, gives up, hands over. It knows no clock: each
 * call says what time it is, by the monotonic clock of the process.
 *
 * <pre>
 *             free, and swapped           no renewal for fence, lost, hand-over
 *   STANDBY ─────────────────► ACTIVE ─────────────────────────────► CLOSING
 *      ▲                                                              │  │ hand-over
 *      └──────────────────────── the connections are closed ──────────┘  ▼
 *                                                      ENDED ◄─────── RELEASING
 * </pre>
 *
 * <p>The deadline of a holder counts from before the request of its last renewal that was answered. A value of its own
 * that it finds in the key is no renewal: a standby may have seen that revision long ago.
 *
 * <p>Who finds no key writes a vacant record, and waits as for that of a holder: the key may have been deleted while
 * one is connected.
 *
 * <p>Owned by the lease thread.
 */
class LeaseMachine {
    private static final long NONE = Long.MAX_VALUE;

    private enum State { STANDBY, ACTIVE, CLOSING, RELEASING, ENDED }

    private enum Ask { NOTHING, READ, CREATE, TAKE, RENEW, RELEASE }

    private final LeaseTerms terms;
    private final String name;
    private final String id;
    private final LongSupplier epochMs;
    private final LeaseActions actions;
    private final KeyWatch watch;
    private State state = State.STANDBY;
    private Ask ask = Ask.NOTHING;
    private long request;
    private long sentNs;
    private long nextRequestNs;
    private long revision;
    private long epoch;
    private long confirmedNs;
    private long closingNs;
    private long doubtNs;
    private boolean isDoubted;
    private boolean isOverdue;
    private boolean isHolding;
    private boolean isHandingOver;
    private String problem;
    private LeaseStatus said;

    /**
     * A standby that has not asked yet.
     *
     * @param name    of the relay, for people
     * @param id      of the process, like no other
     * @param epochMs the wall clock, for epochs only
     */
    LeaseMachine(final LeaseTerms terms, final String name, final String id, final LongSupplier epochMs,
            final LeaseActions actions) {
        this.terms = terms;
        this.name = name;
        this.id = id;
        this.epochMs = epochMs;
        this.actions = actions;
        watch = new KeyWatch(id, terms);
    }

    /** Begins to ask. */
    void onStart(final long nowNs) {
        nextRequestNs = nowNs;
        onTick(nowNs);
    }

    /** Does what is due; to be called at {@link #nextNs} or earlier. */
    void onTick(final long nowNs) {
        if (ask != Ask.NOTHING && nowNs - sentNs >= terms.requestNs()) {
            onFailed("no answer within " + TimeUnit.NANOSECONDS.toMillis(terms.requestNs()) + " ms", nowNs);
            nextRequestNs = nowNs;
        }
        if (state == State.ACTIVE && !isHolding && isFenced(nowNs)) {
            onFence(nowNs);
        }
        if (state == State.CLOSING && !isHandingOver && !isOverdue && nowNs - closingNs >= terms.closeNs()) {
            isOverdue = true;
            actions.overdue();
        }
        if (state == State.RELEASING && nowNs - closingNs >= terms.leaseNs()) {
            end();
        }
        if (ask == Ask.NOTHING && nowNs - nextRequestNs >= 0) {
            ask(nowNs);
        }
        tell();
    }

    /** When {@link #onTick} has something to do, at the latest; {@link Long#MAX_VALUE} = never. */
    long nextNs() {
        if (state == State.ENDED) {
            return NONE;
        }
        long nextNs = ask != Ask.NOTHING ? sentNs + terms.requestNs() : state == State.CLOSING ? NONE : nextRequestNs;
        if (state == State.ACTIVE && !isHolding) {
            nextNs = earlier(nextNs, confirmedNs + terms.fenceNs());
        }
        if (state == State.CLOSING && !isHandingOver && !isOverdue) {
            nextNs = earlier(nextNs, closingNs + terms.closeNs());
        }
        return nextNs;
    }

    private static long earlier(final long a, final long b) {
        return a == NONE || b - a < 0 ? b : a;
    }

    /** The answer to a request; one that was given up is ignored. */
    void onAnswer(final long answered, final KeyAnswer answer, final long nowNs) {
        if (answered != request || ask == Ask.NOTHING || state == State.ENDED) {
            return;
        }
        if (answer.kind() == KeyAnswer.Kind.FAILED) {
            onFailed(answer.problem(), nowNs);
        } else {
            final Ask asked = ask;
            ask = Ask.NOTHING;
            problem = null;
            switch (asked) {
                case READ -> onRead(answer, nowNs);
                case CREATE -> onCreated(answer, nowNs);
                case TAKE -> onTaken(answer, nowNs);
                case RENEW -> onRenewed(answer, nowNs);
                default -> onReleased(answer, nowNs);
            }
        }
        onTick(nowNs);
    }

    /** The connections are closed. */
    void onClosed(final long nowNs) {
        if (state == State.CLOSING) {
            nextRequestNs = nowNs;
            state = isHandingOver ? State.RELEASING : State.STANDBY;
            closingNs = nowNs;
            onTick(nowNs);
        }
    }

    /** The venue says that somebody else has logged in. */
    void onDoubt(final long nowNs) {
        if (state == State.ACTIVE) {
            isDoubted = true;
            doubtNs = nowNs;
            nextRequestNs = nowNs;
            onTick(nowNs);
        }
    }

    /** The relay ends. */
    void onHandOver(final long nowNs) {
        if (isHandingOver || state == State.ENDED) {
            return;
        }
        isHandingOver = true;
        if (state == State.ACTIVE) {
            close("the relay stops, and hands the lease over", nowNs);
        } else if (state == State.STANDBY && ask != Ask.TAKE) {
            end();
        }
        tell();
    }

    /** When a renewal that was sent and answered at these times counts from. */
    long confirmedAt(final long sent, final long answered) {
        return sent;
    }

    /** Whether the last renewal is so old that another relay may take the lease over soon. */
    boolean isFenced(final long nowNs) {
        return nowNs - confirmedNs >= terms.fenceNs();
    }

    /** Whether a value of our own, found in the key, counts as a renewal. */
    boolean isRenewedByReading() {
        return false;
    }

    /** What is written in the place of a key that is missing. */
    LeaseRecord vacant(final long nextEpoch) {
        return LeaseRecord.vacant(name, nextEpoch);
    }

    private void ask(final long nowNs) {
        ask = switch (state) {
            case STANDBY -> watch.isFree(nowNs) ? Ask.TAKE : watch.isMissing() ? Ask.CREATE : Ask.READ;
            case ACTIVE -> Ask.RENEW;
            case RELEASING -> Ask.RELEASE;
            default -> Ask.NOTHING;
        };
        if (ask == Ask.NOTHING) {
            return;
        }
        request++;
        sentNs = nowNs;
        if (ask == Ask.READ) {
            actions.read(request);
            return;
        }
        if (state == State.STANDBY) {
            revision = watch.revision();
            epoch = watch.nextEpoch(epochMs.getAsLong());
        }
        final LeaseRecord wanted = ask == Ask.CREATE ? vacant(epoch)
            : new LeaseRecord(name, id, epoch, TimeUnit.NANOSECONDS.toMillis(terms.leaseNs()), ask != Ask.RELEASE);
        actions.swap(request, revision, wanted.text());
    }

    private void onFailed(final String why, final long nowNs) {
        final boolean isLast = ask == Ask.TAKE && isHandingOver;
        ask = Ask.NOTHING;
        problem = why;
        nextRequestNs = nowNs + terms.askNs();
        if (isLast) {
            end();
        }
    }

    private void onRead(final KeyAnswer answer, final long nowNs) {
        watch.onAnswer(answer, nowNs);
        nextRequestNs = watch.isFree(nowNs) || watch.isMissing() ? nowNs : nowNs + terms.askNs();
    }

    private void onCreated(final KeyAnswer answer, final long nowNs) {
        onRead(answer.kind() == KeyAnswer.Kind.REFUSED ? answer
            : KeyAnswer.value(answer.revision(), vacant(epoch).text()), nowNs);
    }

    private void onTaken(final KeyAnswer answer, final long nowNs) {
        nextRequestNs = nowNs;
        if (answer.kind() == KeyAnswer.Kind.REFUSED) {
            watch.onAnswer(answer, nowNs);
            nextRequestNs = watch.isOurs() ? nowNs : nowNs + terms.askNs();
            if (isHandingOver) {
                end();
            }
            return;
        }
        revision = answer.revision();
        confirmedNs = confirmedAt(sentNs, nowNs);
        if (isHandingOver) {
            state = State.RELEASING;
            closingNs = nowNs;
        } else if (!isFenced(nowNs)) {
            state = State.ACTIVE;
            isHolding = false;
            isDoubted = false;
            nextRequestNs = sentNs + terms.renewNs();
            actions.held(epoch);
        }
    }

    private void onRenewed(final KeyAnswer answer, final long nowNs) {
        nextRequestNs = nowNs;
        if (answer.kind() == KeyAnswer.Kind.SWAPPED) {
            revision = answer.revision();
            confirm(nowNs);
            return;
        }
        watch.onAnswer(answer, nowNs);
        if (watch.isOurs()) {
            // a renewal without an answer was written after all
            revision = answer.revision();
            if (isRenewedByReading()) {
                confirm(nowNs);
            }
        } else if (state == State.ACTIVE) {
            close(watch.words(), nowNs);
        } else if (state == State.RELEASING) {
            end();
        }
    }

    private void confirm(final long nowNs) {
        if (state == State.ACTIVE) {
            confirmedNs = confirmedAt(sentNs, nowNs);
            isHolding = false;
            nextRequestNs = sentNs + terms.renewNs();
            if (isDoubted && sentNs - doubtNs >= 0) {
                isDoubted = false;
                actions.confirmed();
            } else if (isDoubted) {
                nextRequestNs = nowNs;
            }
        }
    }

    private void onReleased(final KeyAnswer answer, final long nowNs) {
        if (answer.kind() == KeyAnswer.Kind.REFUSED) {
            watch.onAnswer(answer, nowNs);
        }
        if (answer.kind() == KeyAnswer.Kind.REFUSED && watch.isOurs()) {
            revision = answer.revision();
            nextRequestNs = nowNs;
        } else {
            end();
        }
    }

    private void onFence(final long nowNs) {
        if (terms.isHeld()) {
            isHolding = true;
        } else {
            close("it could not be renewed: " + problem, nowNs);
        }
    }

    private void close(final String why, final long nowNs) {
        state = State.CLOSING;
        isHolding = false;
        isOverdue = false;
        closingNs = nowNs;
        actions.lost(why);
    }

    private void end() {
        state = State.ENDED;
        ask = Ask.NOTHING;
        tell();
        actions.ended();
    }

    private void tell() {
        final boolean isActive = state == State.ACTIVE;
        final LeaseStatus.Role role = !isActive ? LeaseStatus.Role.STANDBY
            : isHolding ? LeaseStatus.Role.HOLDING : LeaseStatus.Role.ACTIVE;
        final String known = isActive ? "it has the lease" : watch.words();
        final LeaseStatus now = new LeaseStatus(role, isActive ? epoch : watch.epoch(),
            isActive ? name : watch.holder(), known, problem);
        if (!now.equals(said)) {
            said = now;
            actions.status(now);
        }
    }
}
