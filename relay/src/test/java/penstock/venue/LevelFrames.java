package penstock.venue;

import java.util.List;
import java.util.stream.Stream;

/**
 * Book levels as venues write them. Immutable.
 *
 * @param frames the messages; the last one has the levels
 * @param level  price and size of a level, as subscribers get them
 * @param other  those of a level of the other side
 */
public record LevelFrames(String venue, String channel, List<String> frames, String level, String other) {
    private static final String CHANNEL_ID =
        "{'event':'subscribed','channel':'book','chanId':7,'symbol':'tA','pair':'A'}";

    private static final List<LevelFrames> ALL = List.of(
        of("binance", "book",
            "{'stream':'ltcusdt@depth','data':{'e':'depthUpdate','s':'LTCUSDT','U':5,'u':9,'b"
            + "':[['71.10','2.0']],'a':[['71.300','1.00000000']]}}",
            "['71.10','2.0']", "['71.300','1.00000000']"),
        of("okx", "book",
            "{'arg':{'channel':'books','instId':'LTC-USDT'},'action':'snapshot','data':[{'ask"
            + "s':[['1.20','4','0','1']],'bids':[['1.1','12345678901234567890.5','0','1']],'ts'"
            + ":'1700000000123','seqId':10}]}",
            "['1.20','4']", "['1.1','12345678901234567890.5']"),
        of("bybit-v5", "book",
            "{'topic':'orderbook.50.LTCUSDT','type':'snapshot','ts':1700000000123,'data':{'s'"
            + ":'LTCUSDT','b':[['1.10','2']],'a':[['1.2','3e-7']],'u':7}}",
            "['1.10','2']", "['1.2','3e-7']"),
        of("bitstamp", "book",
            "{'data':{'microtimestamp':'1700000000000000','bids':[['1.10','2']],'asks':[['1.2"
            + "','00.50']]},'channel':'diff_order_book_ltcusd','event':'data'}",
            "['1.10','2']", "['1.2','00.50']"),
        of("coinbase-exchange", "book",
            "{'type':'snapshot','product_id':'LTC-USD','asks':[['71.2','4.0']],'bids':[['71.1"
            + "0','.5']]}",
            "['71.2','4.0']", "['71.10','.5']"),
        of("kraken-v1", "book",
            "[464,{'as':[['71.20000','4.0','1.1']],'bs':[['71.10','3.00','1.1']]},'book-100',"
            + "'XBT/USD']",
            "['71.20000','4.0']", "['71.10','3.00']"),
        of("kraken-v2", "book",
            "{'channel':'book','type':'snapshot','data':[{'symbol':'A/B','bids':[{'price':452"
            + "83.50,'qty':0.10000000}],'asks':[{'price':45285.2,'qty':1e-8}]}]}",
            "[45283.50,0.10000000]", "[45285.2,1e-8]"),
        of("bitfinex", "book",
            "[7,[[1.10,2,-5.00],[1.05,1,0.30]],1]",
            "[1.10,5.00]", "[1.05,0.30]"));

    public static Stream<LevelFrames> all() {
        return ALL.stream();
    }

    private static LevelFrames of(final String venue, final String channel, final String frame, final String level,
            final String other) {
        return new LevelFrames(venue, channel, List.of(quoted(CHANNEL_ID), quoted(frame)), quoted(level),
            quoted(other));
    }

    private static String quoted(final String text) {
        return text.replace('\'', '"');
    }
}
