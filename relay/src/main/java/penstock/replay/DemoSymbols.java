package penstock.replay;

import java.math.BigDecimal;
import java.util.List;

/** The symbols of the demo with the digits of their markets, the busiest first. Stateless. */
final class DemoSymbols {
    private static final String TABLE = """
        EURUSD 1.10342 0.00002
        USDJPY 149.215 0.003
        BTCUSD 97250.40 0.50
        GBPUSD 1.27105 0.00004
        ETHUSD 3410.15 0.12
        XAUUSD 2650.35 0.25
        AUDUSD 0.65830 0.00003
        USDCAD 1.39520 0.00004
        USDCHF 0.88415 0.00004
        EURJPY 164.650 0.006
        EURGBP 0.86812 0.00003
        NZDUSD 0.59120 0.00004
        SOLUSD 212.48 0.02
        GBPJPY 189.660 0.010
        EURCHF 0.97560 0.00005
        XRPUSD 1.12450 0.00020
        AUDJPY 98.230 0.008
        XAGUSD 30.845 0.012
        EURAUD 1.67615 0.00008
        EURCAD 1.53950 0.00008
        DOGEUSD 0.38120 0.00010
        CADJPY 106.950 0.009
        CHFJPY 168.770 0.012
        GBPCHF 1.12380 0.00010
        GBPAUD 1.93080 0.00012
        AUDNZD 1.11350 0.00009
        ADAUSD 0.79340 0.00030
        GBPCAD 1.77340 0.00012
        AUDCAD 0.91850 0.00008
        EURNZD 1.86640 0.00015
        NZDJPY 88.215 0.012
        BNBUSD 618.35 0.15
        LTCUSD 88.91 0.04
        AVAXUSD 35.122 0.010
        LINKUSD 14.982 0.006
        DOTUSD 5.7840 0.0030
        BCHUSD 448.60 0.20
        USDSEK 11.02450 0.00150
        USDNOK 11.07210 0.00180
        EURSEK 12.16420 0.00200
        EURNOK 12.21650 0.00240
        USDMXN 20.42310 0.00250
        USDZAR 18.08420 0.00400
        USDSGD 1.34650 0.00015
        USDHKD 7.78310 0.00020
        USDCNH 7.24560 0.00040
        USDPLN 4.15230 0.00120
        EURPLN 4.33870 0.00130
        USDTRY 34.54120 0.01200
        EURHUF 411.250 0.150
        """;

    private DemoSymbols() {
    }

    static List<Start> all() {
        return TABLE.lines().map(DemoSymbols::parse).toList();
    }

    private static Start parse(final String line) {
        final String[] column = line.split(" ");
        final BigDecimal price = new BigDecimal(column[1]);
        return new Start(column[0], price.scale(), price.unscaledValue().longValueExact(),
            new BigDecimal(column[2]).setScale(price.scale()).unscaledValue().longValueExact());
    }

    /** Start price of a symbol. Prices count smallest steps: {@code 1.10342} with 5 digits is 110342. */
    record Start(String symbol, int digits, long price, long spread) {
    }
}
