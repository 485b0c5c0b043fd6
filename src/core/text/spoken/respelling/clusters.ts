/**
 * Which consonants an engine takes for the beginning or the end of a word. Found by having Flite 2.2 and eSpeak NG 1.51 say
 * all 8,400 clusters of two and three letters; a cluster that is not here makes them spell the word letter by letter.
 * @module
 */

/** Before a word's first vowel, for Flite; `mc?` and `nc?` pass as well. */
export const FLITE_ONSETS: ReadonlySet<string> = new Set(
  `bh bj bl br ch cl cr cw cz dh dj dl dr dv dw dz fj fl fr gh gj gl gm gn gr gw hl hr hs hw kh kj kl
km kn kr kw lh ll mc mr nc nr pf ph pl pm pn pr ps pt rh sc sf sh sj sk sl sm sn sp sq sr st sv sw
sz th tj tk tr ts tv tw vl vr wh wr zb zh zl zv zw chl chr grz pfl phl phr prz sch scl scr sgr shl
shr skl skr sph spl spr str thr thw trz zdr`.split(/\s/),
);

/** Behind a word's last vowel, for Flite. */
export const FLITE_CODAS: ReadonlySet<string> = new Set(
  `bb bh bl bs bt ch ck cq cs ct cz dd dh dl ds dt dz ff fs ft fz gg gh gl gm gn gs gt hd hg hl hm hn
hr hs jl jm jn kh kk ks kt lb lc ld lf lg lk ll lm ln lp ls lt lx lz mb mc md mf mg mh mk ml mm mn
mp mq ms mt mx mz nb nc nd nf ng nh nk nl nm nn np nq ns nt nx nz pf ph pl pp ps pt rb rc rd rf rg
rk rl rm rn rp rr rs rt rv rx rz sc sh sk sm sn sp sr ss st sz th tl tr ts tt tz vl vr vs wd wk wl
wm wn ws wt xt xx zd zk zm zn zs zz bbs bst bts chl chs cht ckl cks cld cts dds dmt dnt dst dth ffs
fft fth fts ggs ghm ghn ghs ght gms gns gst gts hlf hls hlt hmg hms hng hns hrs hrt khs kst lbs lch
lck lcs lds ldt lff lfs lft lgh lks lls lms lns lph lps lpt lsh lsk lst lth lts ltz mbs mch mck mcl
mcs mct mcz mdh mdl mds mdt mff mft mgg mgh mgl mgs mgt mkl mks mms mns mpf mph mpl mpp mps mpt msk
mst msz mth mtl mts mtt mtz mzl nbs nch nck ncl ncs nct ncz ndh ndl nds ndt nff nft ngg ngh ngl ngs
ngt nkl nks nms nns npf nph npl npp nps npt nsk nst nsz nth ntl nts ntt ntz nzl phs pps pst pth pts
rbs rch rck rcq rcs rcz rds rdt rff rfs rgh rgs rkl rks rkt rld rll rls rlt rmd rmm rmn rms rmt rnd
rnm rnn rns rnt rpf rph rps rpt rrh rrs rsh rsk rss rst rth rtl rts rtt rtz rzt sch scs sks sms smt
sns snt sps ssl stl sts stz szt tch thm thn ths tsk ttl tts ttz tzl vls vsk wds wks wls wms wns wsl
wth wts xth xts zdz zts`.split(/\s/),
);

/** Before a word's first vowel, for eSpeak; it takes whatever ends a word. */
export const ESPEAK_ONSETS: ReadonlySet<string> = new Set(
  `bh bj bl br ch cl cr dj dr dw fl fr gh gl gn gr gw kh kl kn kr kw lh ll ng nk pf ph pl pr
ps pt rh sc sh sk sl sm sn sp st sw sz th tr ts tw vr wh wr zh zs zw chl chr cwm ngh
phl phr sch scl scr shl shr skl skr sph spl spr str thr thw tsk`.split(/\s/),
);
