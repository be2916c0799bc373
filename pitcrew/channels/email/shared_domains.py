"""Domains where anybody may have an address: there the domain says nothing about who belongs together."""

_WORDS = """
126.com 163.com aim.com alice.it aol.com arcor.de att.net bellsouth.net bigpond.com bk.ru bluewin.ch bol.com.br
btinternet.com charter.net comcast.net cox.net daum.net duck.com earthlink.net email.com fastmail.com fastmail.fm
foxmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hanmail.net hey.com
hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com inbox.ru interia.pl
juno.com kakao.com laposte.net libero.it list.ru live.co.uk live.com live.de live.fr live.nl mac.com mail.com
mail.ru mailbox.org me.com msn.com mweb.co.za naver.com neuf.fr nifty.com ntlworld.com o2.pl ocn.ne.jp
online.de onet.pl optonline.net orange.fr outlook.com outlook.de outlook.fr pm.me posteo.de posteo.net
privaterelay.appleid.com proton.me protonmail.com protonmail.ch qq.com rambler.ru rediffmail.com rocketmail.com
rogers.com sapo.pt sbcglobal.net seznam.cz sfr.fr shaw.ca sina.com sky.com sohu.com sympatico.ca t-online.de
talktalk.net telenet.be tin.it tiscali.it tuta.com tuta.io tutanota.com tutanota.de ukr.net uol.com.br verizon.net
virgilio.it virginmedia.com vodafone.de wanadoo.fr web.de windstream.net wp.pl xs4all.nl ya.ru yahoo.ca
yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.de yahoo.es yahoo.fr
yahoo.in yahoo.it yandex.com yandex.ru yeah.net ymail.com zoho.com
"""
SHARED = frozenset(_WORDS.split())
