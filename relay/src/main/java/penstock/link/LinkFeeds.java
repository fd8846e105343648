package penstock.link;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import penstock.link.message.BadMessageException;
import penstock.link.message.Envelope;
import penstock.link.message.MessageFields;
import penstock.link.message.Welcome;
import penstock.ring.FeedIntroduction;
import penstock.ring.FeedState;
import penstock.ring.RelayedEpoch;
import penstock.telemetry.Counters;
import penstock.text.PrintableText;
import penstock.time.FeedClock;
import penstock.upstream.LossReason;

/**
 * The feeds of the other relay in their places here, their channels, and what is published of their states. While the
 * link is lost, all of them are stale. Owned by the feed thread.
 */
final class LinkFeeds {
    private static final String LOST = "upstream_disconnected";
    private static final long UNKNOWN = -1;

    private final int maxTopics;
    private final LinkTarget target;
    private final Counters counters;
    private final FeedClock clock;
    private final Map<String, LinkFeed> byName = new LinkedHashMap<>();
    /** By number. */
    private final List<LinkChannel> channels = new ArrayList<>();
    /** What makes up the feeds; another one is another set of feeds. */
    private List<Offer> offers = List.of();
    private int runs;
    private boolean isCut = true;
    private boolean isStandby;

    /** What of a feed does not change while it is the same one. */
    private record Offer(String name, boolean isOnDemand, List<Welcome.Channel> channels) {
    }

    LinkFeeds(final int maxTopics, final LinkTarget target, final Counters counters, final FeedClock clock) {
        this.maxTopics = maxTopics;
        this.target = target;
        this.counters = counters;
        this.clock = clock;
    }

    /** Whether a welcome has the feeds and channels that there are. */
    boolean isSame(final Welcome welcome) {
        return offers.equals(offers(welcome));
    }

    private List<Offer> offers(final Welcome welcome) {
        return welcome.feeds().stream()
            .map(feed -> new Offer(feed.name(), feed.isOnDemand(), feed.channels()))
            .filter(offer -> !offer.channels.isEmpty()).toList();
    }

    /** All that was there is gone; the feeds of a welcome begin. */
    void begin(final Welcome welcome) {
        offers = offers(welcome);
        byName.clear();
        channels.clear();
        isCut = true;
        if (offers.isEmpty()) {
            throw new BadMessageException("the relay has no channels");
        }
        final List<FeedIntroduction> introductions = new ArrayList<>();
        for (final Offer offer : offers) {
            introductions.add(begin(offer, introductions.size(), offer.isOnDemand ? welcome.maxSymbols() : 0));
        }
        target.relay(new RelayedEpoch(welcome.epoch(), true, introductions));
    }

    private FeedIntroduction begin(final Offer offer, final int number, final int maxDemand) {
        final List<LinkChannel> its = new ArrayList<>();
        final List<FeedIntroduction.Channel> introduced = new ArrayList<>();
        for (final Welcome.Channel channel : offer.channels) {
            introduced.add(new FeedIntroduction.Channel(channels.size(), channel.name(), channel.conflation(),
                channel.isDefault()));
            its.add(new LinkChannel(new LinkChannel.Identity(channels.size(), offer.name, channel.name(),
                channel.conflation(), offer.isOnDemand), target, counters, maxTopics));
            channels.add(its.get(its.size() - 1));
        }
        byName.put(offer.name, new LinkFeed(number, offer.name, its));
        return new FeedIntroduction(number, ++runs, offer.name, introduced, maxDemand, clock.epochUs());
    }

    /** The states that the feeds have. */
    void onWelcome(final Welcome welcome) {
        isStandby = false;
        for (final Welcome.Feed offer : welcome.feeds()) {
            final LinkFeed feed = byName.get(offer.name());
            if (feed != null) {
                feed.lostP = offer.lostP();
                feed.status = statusOf(offer, feed.status);
            }
        }
    }

    private LinkFeed.Status statusOf(final Welcome.Feed offer, final LinkFeed.Status known) {
        if (known != null && known.state() == offer.state() && offer.lostP() <= known.p()) {
            return known;
        }
        final String reason = offer.state() == FeedState.LIVE ? null : offer.reason() != null ? offer.reason()
            : offer.lostP() > 0 ? LOST : FeedIntroduction.WAITING;
        return new LinkFeed.Status(offer.state(), reason, clock.epochUs(), UNKNOWN, offer.lostP());
    }

    /** The channel of a subscription, or null. */
    LinkChannel channel(final int number) {
        return number < 0 || number >= channels.size() ? null : channels.get(number);
    }

    /** The channel of a feed that an envelope is of, by its name; or null. */
    LinkChannel channel(final String feed, final Envelope envelope) {
        final LinkFeed its = byName.get(feed);
        for (int i = 0; its != null && i < its.channels.size(); i++) {
            if (envelope.isSub(its.channels.get(i).sub())) {
                return its.channels.get(i);
            }
        }
        return null;
    }

    /** The channel of a feed with that name; or null. */
    LinkChannel channel(final String feed, final String channel) {
        final LinkFeed its = byName.get(feed);
        return its == null ? null
            : its.channels.stream().filter(each -> each.name().equals(channel)).findFirst().orElse(null);
    }

    /** The channels of all feeds. */
    List<LinkChannel> channels() {
        return channels;
    }

    /** The feed that a {@code status} is of; null if it is not mirrored. */
    LinkFeed find(final MessageFields status) {
        final String name = status.textOrNull("feed");
        if (name != null) {
            return byName.get(name);
        }
        if (byName.size() != 1) {
            throw new BadMessageException("a status of one of several feeds names none: "
                + PrintableText.excerpt(status.text("state")));
        }
        return byName.values().iterator().next();
    }

    /** What a {@code status} of scope feed says. */
    static LinkFeed.Status statusOf(final MessageFields status, final long p) {
        return new LinkFeed.Status(Welcome.feedState(status), status.textOrNull("reason"), status.number("since"),
            status.number("retryIn", UNKNOWN), p);
    }

    /** A feed has this state from now on. */
    void set(final LinkFeed feed, final LinkFeed.Status status) {
        feed.onReleased(status);
        isStandby = byName.values().stream().allMatch(each -> each.status.state() == FeedState.STALE
            && LossReason.STANDBY.word().equals(each.status.reason()));
        // the loss of the link hides that the feed is stale, but what is from before that is not live with what follows
        if (!isCut || status.state() == FeedState.STALE && status.p() > feed.stalePosition) {
            publishChange(feed, status.p());
        }
    }

    /**
     * Holds the losses of feeds that the other relay had while the link was lost, and those that the loss of the link
     * hides; what comes behind them is live. {@code behind}: the position that was released last.
     */
    void holdLosses(final long behind, final HeldBack held) {
        for (final LinkFeed feed : byName.values()) {
            final boolean isHidden = isCut && feed.status.state() == FeedState.STALE;
            if (feed.lostP > 0 && (isHidden || feed.isLostSince())) {
                final long p = Math.max(feed.lostP, behind);
                final String reason = feed.status.reason() == null ? LOST : feed.status.reason();
                final LinkFeed.Status loss = new LinkFeed.Status(FeedState.STALE, reason, feed.status.sinceUs(),
                    UNKNOWN, p);
                held.add(p, () -> publish(feed, loss, p));
            }
        }
    }

    /** The link is lost: all feeds are stale. {@code p}: the position that was published last. */
    void cut(final String reason, final long retryInMs, final long p) {
        isCut = true;
        for (final LinkFeed feed : byName.values()) {
            if (!feed.isClosed()) {
                feed.published = null;
                feed.onStale(p);
                target.feedState(feed.number, FeedState.STALE, reason, clock.epochUs(), retryInMs, p);
            }
        }
    }

    /** The link has all that the other relay has up to a position: its states count. */
    void resume(final long p) {
        isCut = false;
        final long nowUs = clock.epochUs();
        for (final LinkFeed feed : byName.values()) {
            feed.channels.forEach(channel -> channel.onComplete(nowUs, p));
        }
        byName.values().forEach(feed -> publishChange(feed, p));
    }

    /** Values that the other relay has just confirmed are good here, if their feed is live. */
    void confirm() {
        for (final LinkFeed feed : byName.values()) {
            if (feed.published == FeedState.LIVE) {
                feed.channels.forEach(channel -> channel.confirmed().publish());
            }
        }
    }

    boolean isCut() {
        return isCut;
    }

    /** Whether the other relay has said that it has no lease any more. */
    boolean isStandby() {
        return isStandby;
    }

    /** A feed that is lost again is stale up to a later position. */
    private void publishChange(final LinkFeed feed, final long released) {
        final boolean isStale = feed.status.state() == FeedState.STALE;
        if (feed.published != feed.status.state() || isStale && feed.status.p() > feed.stalePosition) {
            publish(feed, feed.status, isStale ? feed.status.p() : Math.max(feed.status.p(), released));
        }
    }

    private void publish(final LinkFeed feed, final LinkFeed.Status status, final long p) {
        feed.published = status.state();
        if (status.state() == FeedState.STALE) {
            feed.onStale(p);
        }
        target.feedState(feed.number, status.state(), status.reason(), status.sinceUs(), status.retryInMs(), p);
    }
}
