package penstock.fanout.subscription;

import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import penstock.memory.MemoryUse;
import penstock.fanout.layout.LayoutSearch;
import penstock.fanout.schedule.RateLimit;
import penstock.thread.SlicedLoop;
import penstock.topic.Channel;
import penstock.topic.IdSet;
import penstock.topic.Topic;
import penstock.topic.TopicSearch;
import penstock.topic.image.View;
import penstock.usage.session.Denials;
import penstock.wire.RequestException;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;
import penstock.wire.request.Resume;
import penstock.wire.request.SymbolList;
import penstock.wire.request.SymbolPattern;

/**
 * The symbols of one request join a subscription, in steps that the caller takes in the order of the methods here.
 * Before {@link #begin} nothing changes, and the request may be refused. From then on the subscription is paused, so
 * that no client sees the half of it. Topics may come and go between the steps. They join in the order of their
 * numbers: the order of the request makes no difference between subscriptions.
 *
 * <p>Owned by the shard's io thread.
 */
public final class Joining implements AutoCloseable {
    private final SubscriptionRegistry registry;
    private final SessionProfile client;
    private final Channel channel;
    private final Request.Subscribe request;
    private final SubscriptionOptions options;
    private final View view;
    /** Null until a first request makes it. */
    private Subscription subscription;
    private final boolean isFirst;
    private final SymbolLimits.Count count;
    private final Resumption resumption;
    private final TopicSearch search;
    private final MemoryCheck.Hold hold;
    private final LayoutSearch layout;
    private final LayoutSearch equal;
    /** Null unless usage is counted and the client may not see everything. */
    private final Denials denials;
    /** Null with them. */
    private final TopicSearch compared;
    private long nameBytes;
    private long tableBytes;
    private long viewBytes;
    /** The topics that the subscription does not have, up to {@link #addedCount}. */
    private int[] added = new int[16];
    private int addedCount;
    /** Null if the client has nothing, or if it is unknown what it has. */
    private Resume resume;
    private boolean isResumeLost;
    private long forgottenP;
    /** Topics of which the client has something. */
    private final IdSet resumed = new IdSet();
    private long code;

    /**
     * Begins.
     *
     * @param session  the subscriptions of the session
     * @param existing the one that the request names, or null
     * @param options  its options in full, once the request is done
     */
    public Joining(final SubscriptionRegistry registry, final SymbolLimits limits, final SessionSubscriptions session,
            final Subscription existing, final Channel channel, final Request.Subscribe request,
            final SubscriptionOptions options) {
        this.registry = registry;
        client = session.session();
        this.channel = channel;
        this.request = request;
        this.options = options;
        view = Subscription.view(channel, options);
        subscription = existing;
        isFirst = existing == null;
        count = limits.ofSubscribe(session, existing, channel);
        resumption = new Resumption(registry.topics());
        search = registry.search(client.access(), channel, request.symbols());
        hold = registry.memoryCheck().new Hold();
        layout = registry.layouts().search();
        equal = registry.layouts().search();
        denials = client.usage() == null || client.access().permitsAll() ? null : new Denials();
        compared = denials == null ? null : compared();
    }

    /** Compares all topics with the patterns of the request, for {@link #denials}. */
    private TopicSearch compared() {
        int pieces = 0;
        for (final SymbolPattern pattern : SymbolList.of(request.symbols()).patterns()) {
            denials.add(pattern::matches);
            pieces += pattern.pieces();
        }
        return pieces == 0 ? registry.topics().search(channel) : registry.visit(channel, pieces,
            symbol -> denials.compare(symbol, each -> client.access().permits(channel.path(), each), this::group));
    }

    private int group(final String symbol) {
        return registry.topics().group(channel.topic(symbol).id());
    }

    /** First, the names of the request are counted and looked up. */
    public SlicedLoop names() {
        return SlicedLoop.of(request.symbols().size(), i -> name(request.symbols().get(i)));
    }

    /** Refuses more symbols than a session may have. */
    public void checkLimits() throws RequestException {
        count.check(request.id());
    }

    /** Topics that match the patterns are searched. */
    public boolean search(final BooleanSupplier isOver) {
        return search.advance(isOver);
    }

    /** What topics take that the subscription does not have. */
    public SlicedLoop newTopics() {
        return new SlicedLoop(search.complete()::next, this::measure);
    }

    /** What topics take that the subscription has, in another view. */
    public SlicedLoop otherViews() {
        final boolean isOther = subscription != null && !view.isFull() && !view.equals(subscription.view());
        return SlicedLoop.of(isOther ? subscription.topics().slots() : 0, slot -> {
            final int topic = subscription.topics().topic(slot);
            viewBytes += topic == SubscribedTopics.NONE ? 0 : registry.topics().topic(topic).viewGrowth(view);
        });
    }

    /** The layout of the new topics is searched, if the subscription has none. */
    public SlicedLoop layout() {
        return layout.find(added, subscription == null || subscription.topics().slots() == 0 ? addedCount : 0);
    }

    /** What the tables take. */
    public SlicedLoop tables() {
        final int id = subscription == null ? registry.nextId() : subscription.id();
        final SubscribedTopics table = subscription == null ? new SubscribedTopics(registry.layouts())
            : subscription.topics();
        tableBytes = table.growth(addedCount, layout.isFound(), RateLimit.isNeeded(options))
            + (subscription == null ? Subscription.BYTES : 0);
        final long most = addedCount * IdSet.maxGrowth(id);
        // a pass over many topics costs as much as to bind them
        final boolean fits = registry.memory().fits(MemoryUse.SUBSCRIPTIONS, tableBytes + most);
        tableBytes += fits ? most : 0;
        return SlicedLoop.of(fits ? 0 : addedCount, i -> tableBytes += registry.topics().knows(added[i])
            ? registry.topics().topic(added[i]).subscribers().growth(id) : 0);
    }

    /** Refuses what does not fit the memory limits. */
    public void checkMemory() throws RequestException {
        check(MemoryUse.SUBSCRIPTIONS, tableBytes, "/symbols");
        check(MemoryUse.NAMES, nameBytes, "/symbols");
        if (!view.isFull()) {
            check(MemoryUse.VIEWS, viewBytes + channel.views().growth(view),
                !view.fields().isEmpty() ? "/fields" : view.depth() > 0 ? "/depth" : "/delta");
        }
    }

    /** The client has something already, if its position is still known. Every topic is asked, and every name. */
    public SlicedLoop resume() {
        forgottenP = channel.forgottenP();
        // a request that adds to a subscription must say which symbols it has: its position may be older
        final boolean isMeant = request.resume() != null && (isFirst || request.resume().isExplicit());
        resume = isMeant && client.access().mayResume(request.resume().p())
            && resumption.isPossible(request.resume(), options.mode()) ? request.resume() : null;
        return new SlicedLoop(id -> resume == null ? -1 : search.complete().next(id), id -> {
            if (!resumption.isKnown(registry.topics().topic(id), resume, options.mode())) {
                resume = null;
            }
        }, claimsPerCheck());
    }

    /** The second half of {@link #resume}. */
    public SlicedLoop resumeNames() {
        final int size = request.symbols().size();
        return new SlicedLoop(i -> resume == null || i >= size ? -1 : i, i -> {
            if (resumption.isUnsure(client, channel, request.symbols().get(i), resume)) {
                resume = null;
            }
        }, claimsPerCheck());
    }

    /** The layout of the new topics is made, if it was not found. */
    public SlicedLoop newLayout() {
        return layout.make();
    }

    /** Whether the client goes on behind its position. */
    public boolean isResumed() {
        return resume != null;
    }

    /**
     * Nothing stands in the way any more.
     *
     * @param joined     the subscription, which is paused
     * @param imagesCode the snapshot of the images of new topics; {@link SubscribedTopics#NEVER_SENT}: none are wanted
     */
    public void begin(final Subscription joined, final long imagesCode) {
        subscription = joined;
        code = imagesCode;
        subscription.topics().expect(layout, addedCount);
    }

    /** Later symbols join by the patterns. */
    public SlicedLoop patterns() {
        final List<SymbolPattern> patterns = SymbolList.of(request.symbols()).patterns();
        return SlicedLoop.of(patterns.size(),
            i -> subscription.interest().addPattern(subscription.id(), patterns.get(i)));
    }

    /** Present topics join. */
    public SlicedLoop topics() {
        return new SlicedLoop(search.complete()::next, id -> join(registry.topics().topic(id)), claimsPerCheck());
    }

    /** What the request names exactly is noted, whether or not there is a topic. */
    public SlicedLoop exactNames() {
        return SlicedLoop.of(request.symbols().size(), i -> {
            final SymbolPattern name = request.symbols().get(i);
            final Topic topic = name.isExact() ? client.topic(channel, name.symbol()) : null;
            if (topic != null) {
                join(topic);
                registry.name(subscription, topic);
            } else if (name.isExact()) {
                registry.names().add(subscription, name.symbol());
            }
        });
    }

    /**
     * The position of the client has become unknown between two steps, or a topic that it has is gone: it is sent whole
     * images. Usually nothing is to be done.
     */
    public SlicedLoop lostResume() {
        if (resume != null && (isResumeLost || channel.forgottenP() != forgottenP)) {
            resume = null;
        }
        return new SlicedLoop(id -> resume != null ? -1 : resumed.next(id), id -> {
            final SubscribedTopics table = subscription.topics();
            final int slot = table.slot(id);
            if (slot != SubscribedTopics.NONE && registry.topics().topic(id).hasValue()) {
                table.requestImage(slot, code);
            }
        });
    }

    /** All have joined: an equal table is searched. */
    public SlicedLoop equalTable() {
        return equal.findOther(subscription.topics().layout(), subscription.topics().slots());
    }

    /** The table is shared with equal ones. */
    public void share() {
        subscription.topics().share(equal);
    }

    /** The channel of the request. */
    public Channel channel() {
        return channel;
    }

    /** A slice of the request begins. */
    public void onSlice() {
        hold.onSlice();
    }

    /** A slice of the request is over; {@code client} is the network of its client. */
    public void onPause(final String client) {
        hold.onPause();
        registry.names().reportInterest(client);
    }

    /** For the usage ledger: the names of topics that the client may not see. The client does not learn of it. */
    public SlicedLoop deniedNames() {
        return SlicedLoop.of(denials == null ? 0 : request.symbols().size(), i -> {
            final SymbolPattern name = request.symbols().get(i);
            if (name.isExact() && channel.topic(name.symbol()) != null
                    && !client.access().permits(channel.path(), name.symbol())) {
                denials.onName(group(name.symbol()), name.symbol());
            }
        });
    }

    /** And the patterns that match such topics only. */
    public boolean deniedPatterns(final BooleanSupplier isOver) {
        return compared == null || compared.advance(isOver);
    }

    /** What was denied is counted. */
    public void reportDenials() {
        if (denials != null) {
            denials.report(client.usage()::onDenied);
        }
    }

    /** The request is over, or its session. */
    @Override
    public void close() {
        search.close();
        if (compared != null) {
            compared.close();
        }
        layout.close();
        equal.close();
        hold.end();
    }

    private void name(final SymbolPattern symbol) {
        count.add(symbol);
        final Topic topic = symbol.isExact() ? client.topic(channel, symbol.symbol()) : null;
        if (topic != null) {
            search.include(topic.id());
        } else if (subscription == null || !subscription.interest().has(symbol)) {
            nameBytes += symbol.isExact() ? registry.names().pending(channel).growth(symbol.symbol())
                : PendingInterestIndex.growth(symbol);
        }
    }

    private void measure(final int id) {
        if (subscription == null || subscription.topics().slot(id) == SubscribedTopics.NONE) {
            if (addedCount == added.length) {
                added = Arrays.copyOf(added, addedCount * 2);
            }
            added[addedCount++] = id;
            viewBytes += view.isFull() ? 0 : registry.topics().topic(id).viewGrowth(view);
        }
    }

    private void check(final MemoryUse use, final long bytes, final String path) throws RequestException {
        registry.memoryCheck().check(use, bytes, path, request.id());
        hold.allow(use, bytes);
    }

    private void join(final Topic topic) {
        if (subscription.topics().slot(topic.id()) != SubscribedTopics.NONE) {
            return;
        }
        if (topic.hasValue() && resume != null && resume.claims(topic.symbol())) {
            joinResumed(topic);
        } else {
            registry.bind(subscription, topic, false, !topic.hasValue() ? 0
                : code != SubscribedTopics.NEVER_SENT ? code : topic.q());
        }
    }

    private void joinResumed(final Topic topic) {
        final Resumption.Held held = resumption.held(subscription, topic, resume.p());
        resumed.add(topic.id());
        isResumeLost |= held.isLost();
        if (subscription.deliversAll()) {
            subscription.cursor().onGap();
        }
        registry.bind(subscription, topic, false, held.q() < 0 ? code : held.q());
        final SubscribedTopics table = subscription.topics();
        if (held.needsWhole()) {
            table.requireWhole(table.slot(topic.id()));
        }
        if (held.needsImage()) {
            table.requestRefresh(table.slot(topic.id()));
        }
    }

    /** Each topic of a client that resumes is compared with what the client names. */
    private int claimsPerCheck() {
        return request.resume() == null ? 16 : 4;
    }
}
