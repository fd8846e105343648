package penstock.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import penstock.testkit.ManualThread;

class AddressBudgetsTest {
    private final ManualThread clock = new ManualThread(1_000);
    private final AddressBudgets budgets = new AddressBudgets(clock, 1_000);

    @Test
    void shouldAllowTwoSecondsWorthThenTellTheTimeToWait() throws UnknownHostException {
        assertThat(budgets.waitMs(address(10, 0, 0, 1), 2_000)).isZero();
        assertThat(budgets.waitMs(address(10, 0, 0, 1), 500)).isEqualTo(500);
        clock.advanceMs(500);
        assertThat(budgets.waitMs(address(10, 0, 0, 1), 500)).isZero();
    }

    @Test
    void shouldKeepAddressesApartAndTheHostsOfANetworkTogether() throws UnknownHostException {
        budgets.waitMs(address(10, 0, 0, 1), 2_000);
        assertThat(budgets.waitMs(address(10, 0, 0, 2), 2_000)).isZero();
        final byte[] host = {0x20, 1, 0xd, (byte) 0xb8, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 1};
        assertThat(budgets.waitMs(new InetSocketAddress(InetAddress.getByAddress(host), 1), 2_000)).isZero();
        host[15] = 2;
        assertThat(budgets.waitMs(new InetSocketAddress(InetAddress.getByAddress(host), 1), 1)).isPositive();
    }

    @Test
    void shouldAllowWorkAboveTheFullBudgetOnceItIsFull() throws UnknownHostException {
        assertThat(budgets.waitMs(address(10, 0, 0, 1), 10_000)).isZero();
        assertThat(budgets.waitMs(address(10, 0, 0, 1), 10_000)).isEqualTo(10_000);
        clock.advanceMs(10_000);
        assertThat(budgets.waitMs(address(10, 0, 0, 1), 10_000)).isZero();
    }

    @Test
    void shouldGiveBackNoMoreThanAFullBudget() throws UnknownHostException {
        final InetSocketAddress client = address(10, 0, 0, 1);
        budgets.giveBack(client, 500);
        assertThat(budgets.waitMs(client, 10_000)).isZero();
        budgets.giveBack(client, 1e9);
        assertThat(budgets.waitMs(client, 10_000)).isZero();
        assertThat(budgets.waitMs(client, 1)).isPositive();
    }

    @Test
    void shouldRememberABoundedNumberOfAddresses() throws UnknownHostException {
        for (int i = 0; i < 100_000; i++) {
            budgets.waitMs(address(10, i >> 16, i >> 8, i), 1);
        }
        assertThat(budgets.size()).isEqualTo(4_096);
    }

    @Test
    void shouldNotLimitWithoutALimit() throws UnknownHostException {
        assertThat(new AddressBudgets(clock, 0).waitMs(address(10, 0, 0, 1), 1e12)).isZero();
    }

    private static InetSocketAddress address(final int... bytes) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByAddress(
            new byte[] {(byte) bytes[0], (byte) bytes[1], (byte) bytes[2], (byte) bytes[3]}), 1);
    }
}
