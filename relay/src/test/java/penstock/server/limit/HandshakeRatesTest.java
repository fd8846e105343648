package penstock.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import penstock.text.IpLiteral;

class HandshakeRatesTest {
    private static final InetAddress ONE = IpLiteral.parse("192.0.2.1");

    private long nowNs = -5_000_000_000L;

    @Test
    void shouldAllowASecondsWorthAtOnceAndThenItsRate() {
        final HandshakeRates rates = new HandshakeRates(10, 0, () -> nowNs);
        assertThat(allowed(rates, ONE, 100)).isEqualTo(10);
        assertThat(rates.waitMs(ONE)).isEqualTo(100);
        nowNs += 99_000_000L;
        assertThat(rates.waitMs(ONE)).isEqualTo(1);
        nowNs += 1_000_000L;
        assertThat(allowed(rates, ONE, 100)).isEqualTo(1);
        nowNs += 3_600_000_000_000L;
        assertThat(allowed(rates, ONE, 100)).isEqualTo(10);
    }

    @Test
    void shouldKeepAddressesApartAndTheHostsOfANetworkTogether() {
        final HandshakeRates rates = new HandshakeRates(1, 0, () -> nowNs);
        final List<InetAddress> networks = Stream.of("2001:db8:0:7::1", "2001:db8:0:7:ffff::2", "2001:db8:0:8::1",
            "192.0.2.2", "192.0.2.3").map(IpLiteral::parse).toList();
        // one of 65,536 other addresses has the same slot
        assertThat(networks.stream().mapToInt(address -> allowed(rates, address, 5)).sum()).isBetween(3, 4);
        assertThat(rates.waitMs(networks.get(1))).isEqualTo(1_000);
    }

    @Test
    void shouldBoundTheSumOfAllAddresses() {
        final HandshakeRates rates = new HandshakeRates(5, 20, () -> nowNs);
        assertThat(allowed(rates, ONE, 100)).isEqualTo(5);
        assertThat(IntStream.range(0, 1_000).map(i -> allowed(rates, IpLiteral.parse("10.1." + i / 200 + '.' + i % 200),
            1)).sum()).isEqualTo(15);
    }

    @Test
    void shouldHoldOverAllThreads() throws Exception {
        final HandshakeRates rates = new HandshakeRates(1_000, 0, () -> nowNs);
        final AtomicInteger allowed = new AtomicInteger();
        final ForkJoinPool threads = new ForkJoinPool(4);
        threads.submit(() -> IntStream.range(0, 40_000).parallel()
            .forEach(i -> allowed.addAndGet(rates.waitMs(ONE) == 0 ? 1 : 0))).get();
        threads.shutdown();
        assertThat(allowed.get()).isEqualTo(1_000);
    }

    @Test
    void shouldNotLimitWithoutALimit() {
        assertThat(allowed(new HandshakeRates(0, 0, () -> nowNs), ONE, 10_000)).isEqualTo(10_000);
    }

    @Test
    void shouldCountTheSessionsOfAnAddressOverAllThreads() throws Exception {
        final AddressSessions sessions = new AddressSessions(50);
        final AtomicInteger opened = new AtomicInteger();
        final ForkJoinPool threads = new ForkJoinPool(4);
        threads.submit(() -> IntStream.range(0, 10_000).parallel()
            .forEach(i -> opened.addAndGet(sessions.tryOpen(ONE) ? 1 : 0))).get();
        threads.shutdown();
        assertThat(opened.get()).isEqualTo(50);
        sessions.close(ONE);
        assertThat(sessions.tryOpen(ONE)).isTrue();
        assertThat(sessions.tryOpen(ONE)).isFalse();
        IntStream.range(0, 50).forEach(i -> sessions.close(ONE));
        assertThat(sessions.size()).as("addresses that are remembered").isZero();
    }

    private static int allowed(final HandshakeRates rates, final InetAddress address, final int count) {
        return (int) IntStream.range(0, count).filter(i -> rates.waitMs(address) == 0).count();
    }
}
