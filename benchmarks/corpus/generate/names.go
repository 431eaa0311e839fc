package generate

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

var firstNames = strings.Fields(`Alice Amara Ana Andrei Anton Aoife Arthur Astrid Baptiste Beata Bilal Birgit Bruno Camille Carlos Chloé
	Clara Colin Dalia Damien David Diane Dmitri Edith Elena Elias Elsa Emeka Emil Erik Esther Fabio Farid Fatou Felix Fiona Florian Gaëlle
	Georges Greta Hana Harold Hélène Hugo Ibrahim Ida Igor Ines Irina Isaac Ivan Jana Jasper Joana Jonas Judith Julien Karim Karin
	Katarina Kofi Lars Laura Leila Léon Lina Louis Lucia Luka Magda Malik Manon Marco Marek Marta Mathis Maya Mehdi Milan Mina Mohamed Nadia
	Naomi Nils Nina Noah Nora Olga Olivia Omar Oscar Otto Pablo Paula Pavel Pedro Petra Rachid Rafael Rania Rita Robin Rosa Samir Sandra
	Sara Selma Sergio Silvia Simon Sofia Stefan Sven Tamara Tariq Tessa Theo Tiago Ursula Valentin Vera Victor Viola Walid Wanda Xavier
	Yannick Yasmin Yusuf Zoé`)

var (
	onsets = strings.Fields("b br c ch d dr f fl g gr h j k kr l m n p pr r s st t tr v vr w z sk kl th")
	vowels = strings.Fields("a e i o u ai ei au é ö")
	codas  = strings.Fields("l n r s rn nd lt m k rt sk x")
	ends   = strings.Fields("ov ski sen mann etti aud in ez ard ić eau ton well berg ström ani ou elli as ier ak ova ier man")
	towns  = strings.Fields("ville burg ora ia ford mont ona stad ac elle wick ava dorf port")
	firms  = strings.Fields("ex or ium a ys ent ix tec ona is um all")
)

// The numbers of different surnames, towns and firms.
const (
	surnames  = 400_000
	townNames = 30_000
	firmNames = 60_000
)

// appendWord appends an invented word of a syllable or two and an ending, the nth of its kind.
func appendWord(dst []byte, n uint64, endings []string) []byte {
	at := len(dst)
	h := mix(n, uint64(len(endings)))
	for range 1 + h>>59/21 { // one time in three, two
		dst = append(dst, pick(h, onsets)...)
		dst = append(dst, pick(h>>8, vowels)...)
		h >>= 16
		if h%2 > 0 {
			dst = append(dst, pick(h>>2, codas)...)
		}
	}
	dst = append(dst, pick(h>>16, endings)...)
	dst[at] -= 'a' - 'A'
	return dst
}

func word(n uint64, endings []string) string { return string(appendWord(nil, n, endings)) }

func surname(h uint64) string { return word(uint64(skewed(h, surnames, 3)), ends) }
func town(h uint64) string    { return word(uint64(skewed(h, townNames, 3)), towns) }
func firm(h uint64) string    { return word(uint64(skewed(h, firmNames, 3)), firms) }

// person is somebody who is quoted.
type person struct {
	first, last string
	role        int // in roles
}

// cast is who and what an article is about: drawn from one seed, so that a copy and a
// translation have the same.
type cast struct {
	seed   uint64
	people [3]person
	firm   string
	town   string
}

func newCast(seed uint64) cast {
	c := cast{seed: seed, firm: firm(mix(seed, 1)), town: town(mix(seed, 2))}
	for i := range c.people {
		h := mix(seed, 3, uint64(i))
		c.people[i] = person{first: pick(h, firstNames), last: surname(mix(h)), role: int(h >> 32 % uint64(len(roles)))}
	}
	return c
}

// appendReplaced appends a sentence with its numbers and names replaced: one and the
// same is replaced alike in every sentence and in both languages.
func (c *cast) appendReplaced(dst []byte, sentence string, slots []slot) []byte {
	done := 0
	for _, s := range slots {
		dst = append(dst, sentence[done:s.from]...)
		dst = c.appendOther(dst, s.of(sentence), s.number)
		done = int(s.from + s.size)
	}
	return append(dst, sentence[done:]...)
}

func (c *cast) appendOther(dst []byte, word string, number bool) []byte {
	h := c.seed
	for i := range len(word) {
		h = (h ^ uint64(word[i])) * 0x100000001b3
	}
	h = mix(h)
	if !number {
		return append(dst, surname(h)...)
	}
	n, err := strconv.Atoi(word)
	switch {
	case err != nil || word[0] == '0':
		return append(dst, word...)
	case n >= 1900 && n < 2100: // a year
		return strconv.AppendInt(dst, int64(1950+h%75), 10)
	}
	low := 1
	for range len(word) - 1 {
		low *= 10
	}
	return strconv.AppendUint(dst, uint64(low)+h%uint64(9*low), 10)
}

// startsUpper reports whether a text begins with a capital.
func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r >= 'A' && r <= 'Z' || r >= 'À' && r <= 'Þ'
}
