package penstock.oracle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import penstock.testkit.ParsedJson;

/**
 * One subscriber: logs what it receives, keeps what the protocol says it has, over all its connections, and judges
 * every message. A client has one request of a subscription under way at most. One thread.
 */
public final class ClientChecker {
    private static final int LOG_LINES = 30;
    private static final int LOG_CHARS = 600;

    private final String name;
    private final Market market;
    private final Predicate<MarketTopic> mayBeSeen;
    private final Verdict verdict;
    private final Map<String, SubscriptionChecker> subs = new TreeMap<>();
    /** By id: what an answer does. */
    private final Map<String, Answer> answers = new HashMap<>();
    /** By id: subscriptions that are not answered. */
    private final Map<String, String> asked = new HashMap<>();
    /** Requests to send again. */
    private final List<String> again = new ArrayList<>();
    private final Deque<String> log = new ArrayDeque<>();
    private EntryListener listener = (topic, n) -> { };
    private boolean isFeedLive;
    private long epoch;
    private int requests;
    private long entries;
    private long gaps;

    /** Receives what a client is shown. */
    public interface EntryListener {
        /** An entry shows update {@code n} of a topic. */
        void onEntry(MarketTopic topic, long n);
    }

    /** What follows from an answer. */
    private interface Answer {
        void accept(Map<?, ?> ack);
    }

    /** {@code mayBeSeen}: the client's rights. */
    public ClientChecker(final String name, final Market market, final Predicate<MarketTopic> mayBeSeen,
            final Verdict verdict) {
        this.name = name;
        this.market = market;
        this.mayBeSeen = mayBeSeen;
        this.verdict = verdict;
    }

    /** {@code next} receives every entry, before it is judged. Before the first subscription. */
    public void watchEntries(final EntryListener next) {
        listener = next;
    }

    /** The request to subscribe; a name that is used already must be free again. */
    public String subscribe(final String sub, final Terms terms, final List<String> symbols) {
        final SubscriptionChecker checker = newChecker(sub, terms);
        checker.ask(symbols);
        subs.put(sub, checker);
        return request(checker, null);
    }

    /** A subscription by the query of the address, on a new connection; its answer has no id. */
    public void subscribeByQuery(final Terms terms, final List<String> symbols) {
        final SubscriptionChecker checker = subs.computeIfAbsent("0",
            sub -> newChecker(sub, terms));
        checker.ask(symbols);
        answers.put(null, ack -> checker.onAck(ack, epoch, false));
    }

    private SubscriptionChecker newChecker(final String sub, final Terms terms) {
        return new SubscriptionChecker(name, sub, terms, market, mayBeSeen, listener, verdict);
    }

    /** The next connection is to another relay: one that begins there may be sent older values than it had. */
    public void onMoved() {
        subs.values().forEach(SubscriptionChecker::onMoved);
    }

    /** Subscriptions that went on at another relay where they were. */
    public int resumedElsewhere() {
        return subs.values().stream().mapToInt(checker -> checker.resumedElsewhere).sum();
    }

    /** Updates that a relay reported missing, and that it had by another one. */
    public long countedAgain() {
        return subs.values().stream().mapToLong(checker -> checker.countedAgain()).sum();
    }

    /** The requests after a reconnect; with {@code isResuming} those that can be resumed are. */
    public List<String> comeBack(final boolean isResuming) {
        return subs.values().stream().map(checker -> request(checker, isResuming ? checker.resume() : null))
            .toList();
    }

    private String request(final SubscriptionChecker checker, final String resume) {
        final String id = Integer.toString(++requests);
        answers.put(id, ack -> checker.onAck(ack, epoch, resume != null));
        asked.put(id, checker.terms.request(requests, checker.name, checker.asked, resume));
        return asked.get(id);
    }

    /** Requests that a relay was not ready for: they are to be sent again. */
    public List<String> again() {
        final List<String> due = List.copyOf(again);
        again.clear();
        return due;
    }

    /** The request to end a subscription. */
    public String unsubscribe(final String sub) {
        final int id = ++requests;
        answers.put(Integer.toString(id), ack -> subs.remove(sub));
        return "{\"op\":\"unsubscribe\",\"id\":" + id + ",\"sub\":\"" + sub + "\"}";
    }

    /** The request that shows a token. */
    public String authenticate(final String token) {
        final int id = ++requests;
        answers.put(Integer.toString(id), ack -> { });
        return "{\"op\":\"auth\",\"id\":" + id + ",\"token\":\"" + token + "\"}";
    }

    /** Whether every request is answered. */
    public boolean isAnswered() {
        return answers.isEmpty();
    }

    /** The names of its subscriptions. */
    public List<String> subscriptions() {
        return List.copyOf(subs.keySet());
    }

    /** Entries received. */
    public long entries() {
        return entries;
    }

    /** The epoch of the relay that welcomed it last. */
    public long epoch() {
        return epoch;
    }

    /** Gaps received. */
    public long gaps() {
        return gaps;
    }

    /** The connection is lost. */
    public void onLost() {
        logged("-- lost");
        answers.clear();
        asked.clear();
        again.clear();
        subs.values().forEach(SubscriptionChecker::onLost);
    }

    /** A whole message. */
    public void onMessage(final String text) {
        logged(text.length() > LOG_CHARS ? text.substring(0, LOG_CHARS) : text);
        final long before = verdict.count();
        try {
            judge(ParsedJson.object(ParsedJson.parse(text)));
        } catch (final RuntimeException e) {
            verdict.breach(Invariant.I1, name + ": " + e + " by " + text);
        }
        explain(before);
    }

    /** What the client received before the first breach. */
    private void explain(final long breachesBefore) {
        if (breachesBefore == 0 && verdict.count() > 0) {
            verdict.note(name + " received\n  " + String.join("\n  ", log));
        }
    }

    private void judge(final Map<?, ?> message) {
        final String type = ParsedJson.bare(message.get("type"));
        switch (type) {
            case "welcome" -> {
                epoch = Long.parseLong((String) message.get("epoch"));
                isFeedLive = "\"live\"".equals(ParsedJson.object(message.get("feed")).get("state"));
            }
            case "heartbeat", "pong", "notice" -> { }
            case "ack" -> {
                final Answer answer = answers.remove((String) message.get("id"));
                if (answer == null) {
                    throw new IllegalStateException("an answer to nothing");
                }
                asked.remove((String) message.get("id"));
                answer.accept(message);
            }
            case "status" -> onStatus(message);
            case "error" -> onError(message);
            default -> onData(type, message);
        }
    }

    /** A relay that another one with the same positions is ahead of. */
    private void onError(final Map<?, ?> error) {
        final String request = asked.get((String) error.get("id"));
        if (request == null || !"\"not_ready\"".equals(error.get("code")) || !"true".equals(error.get("retry"))) {
            throw new IllegalStateException("refused");
        }
        again.add(request);
    }

    private void onStatus(final Map<?, ?> message) {
        if ("\"feed\"".equals(message.get("scope"))) {
            isFeedLive = "\"live\"".equals(message.get("state"));
            if (!isFeedLive) {
                subs.values().forEach(SubscriptionChecker::onFeedLost);
            }
        } else {
            final SubscriptionChecker checker = checker(message);
            if (checker != null) {
                checker.onStatus(message);
            }
        }
    }

    private void onData(final String type, final Map<?, ?> message) {
        final SubscriptionChecker checker = checker(message);
        if (checker == null) {
            return;
        }
        switch (type) {
            case "snapshot" -> {
                entries += ParsedJson.list(message.get("data")).size();
                checker.onSnapshot(message, isFeedLive);
            }
            case "update" -> {
                entries += ParsedJson.list(message.get("data")).size();
                checker.onUpdate(message);
            }
            case "gap" -> {
                gaps++;
                checker.onGap(message);
            }
            default -> throw new IllegalStateException("unknown type");
        }
    }

    private SubscriptionChecker checker(final Map<?, ?> message) {
        final SubscriptionChecker checker = subs.get(ParsedJson.bare(message.get("sub")));
        if (checker == null) {
            verdict.breach(Invariant.I8, name + ": data of a subscription that has ended: " + message.get("sub"));
        }
        return checker;
    }

    /** See {@link SubscriptionChecker#checkFresh}. */
    public void checkFresh(final boolean isSilent, final long nowNs, final long lagNs) {
        final long before = verdict.count();
        subs.values().forEach(checker -> checker.checkFresh(isSilent, nowNs, lagNs));
        if (isSilent && isFeedLive) {
            verdict.breach(Invariant.I7, name + " was not sent that the feed is stale");
        }
        explain(before);
    }

    /** Nothing of these topics is held any more. */
    public void checkHidden(final Predicate<MarketTopic> isHidden) {
        final long before = verdict.count();
        subs.values().forEach(checker -> checker.checkHidden(isHidden));
        explain(before);
    }

    /** All is quiet: it has the newest value of all that it subscribed to. */
    public void checkQuiet() {
        final long before = verdict.count();
        if (!isAnswered()) {
            verdict.breach(Invariant.I3, name + " has no answer to " + answers.keySet());
        }
        subs.values().forEach(checker -> checker.checkQuiet());
        explain(before);
    }

    private void logged(final String line) {
        if (log.size() == LOG_LINES) {
            log.remove();
        }
        log.add(line);
    }
}
