package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a venue's rejection ends the relay: with its last feed. */
class FeedEndsTest {
    @Test
    void shouldEndWithTheOnlyFeed() {
        final FeedEnds ends = new FeedEnds(1);
        ends.of(FeedPlace.ONLY).accept("bad key");
        assertThat(ends.all()).isCompletedWithValue("bad key");
    }

    @Test
    void shouldEndWithTheLastOfSeveralFeedsAndSayWhyEachHasEnded() {
        final FeedEnds ends = new FeedEnds(2);
        ends.of(new FeedPlace("b", 1, 3)).accept("no such account");
        assertThat(ends.all()).isNotDone();
        ends.of(new FeedPlace("a", 0, 0)).accept("bad key");
        assertThat(ends.all()).isCompletedWithValue("b: no such account; a: bad key");
    }

    @Test
    void shouldNameTheKeysOfItsFeedInSentences() {
        final FeedPlace place = new FeedPlace("kraken", 1, 3);
        assertThat(place.about("feed.url: wss://feed.test/feed.x is set; remove feed.url"))
            .isEqualTo("feeds.kraken.url: wss://feed.test/feed.x is set; remove feeds.kraken.url");
        assertThat(FeedPlace.ONLY.about("feed.url: no")).isEqualTo("feed.url: no");
        assertThat(place.owner()).isEqualTo("feed/kraken");
        assertThat(FeedPlace.ONLY.owner()).isEqualTo("feed");
        assertThat(place.title()).isEqualTo("feed kraken");
    }
}
